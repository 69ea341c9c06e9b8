// node shot.mjs BROWSER < PAGES: takes a picture of each page, when its panels have
// settled, and prints what it saw.
import puppeteer from 'puppeteer-core';

const settle = 1500; // milliseconds without a query
const pages = JSON.parse(await new Promise(done => { let s = ''; process.stdin.on('data', d => s += d).on('end', () => done(s)); }));
const browser = await puppeteer.launch({ executablePath: process.argv[2], headless: true, args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-color-profile=srgb'] });
const result = [];
for (const p of pages) {
	const tab = await browser.newPage();
	await tab.setViewport({ width: p.width, height: p.height });
	const seen = { Out: p.out, Empty: p.empty, Panels: 0, NoData: [], Failed: [], Errors: [] };
	tab.on('console', m => { if (m.type() === 'error') seen.Errors.push('console: ' + m.text().slice(0, 200)); });
	tab.on('pageerror', e => seen.Errors.push('page: ' + String(e).slice(0, 200)));
	tab.on('response', async r => {
		if (r.status() >= 400) seen.Errors.push(r.status() + ' ' + new URL(r.url()).pathname);
		if (!r.url().includes('/api/ds/query')) return;
		try {
			for (const [name, v] of Object.entries((await r.json()).results ?? {})) if (v.error) seen.Failed.push(name + ': ' + v.error);
		} catch { /* the page went away */ }
	});
	await tab.goto(p.url, { waitUntil: 'networkidle0', timeout: 90000 });
	await tab.waitForNetworkIdle({ idleTime: settle, timeout: 60000 });
	Object.assign(seen, await tab.evaluate(() => {
		const panels = [...document.querySelectorAll('section[data-testid^="data-testid Panel header"], div[data-testid^="data-testid Panel header"]')];
		const bare = panels.filter(x => [...x.querySelectorAll('*')].some(e => e.children.length === 0 && e.textContent === 'No data'));
		return { Panels: panels.length, NoData: bare.map(x => x.querySelector('h6')?.textContent ?? '?') };
	}));
	await tab.screenshot({ path: p.out });
	await tab.close();
	result.push(seen);
}
await browser.close();
console.log(JSON.stringify(result));
