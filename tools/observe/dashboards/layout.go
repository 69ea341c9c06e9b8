package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// gridWidth is how many columns Grafana's grid has.
const gridWidth = 24

// layout places panels from left to right and numbers them.
type layout struct {
	x, y, lowest uint32
	id           uint32
}

func (l *layout) heading(title string) *dashboard.RowBuilder {
	l.x, l.y = 0, l.lowest
	l.lowest = l.y + 1
	l.id++
	defer func() { l.y = l.lowest }()
	return dashboard.NewRowBuilder(title).Id(l.id).GridPos(dashboard.GridPos{X: 0, Y: l.y, W: gridWidth, H: 1})
}

func (l *layout) place(made *dashboard.Panel, p *panel) {
	if l.x+p.width > gridWidth {
		l.x, l.y = 0, l.lowest
	}
	l.id++
	id := l.id
	made.Id = &id
	made.GridPos = &dashboard.GridPos{X: l.x, Y: l.y, W: p.width, H: p.height}
	l.x += p.width
	l.lowest = max(l.lowest, l.y+p.height)
}

// Height is how many lines of the grid the dashboard has.
func (b *Board) Height() int {
	l := layout{}
	for _, s := range b.rows {
		l.heading(s.title)
		for _, p := range s.panels {
			l.place(&dashboard.Panel{}, p)
		}
	}
	return int(l.lowest)
}
