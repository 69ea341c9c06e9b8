package collector

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unsafe"

	"postfix_exporter/classify"
)

// Who blocks us: the last reply of each provider, list and rule, and what the
// rule says is to be done.

// Block is what replies have in common that one rule found with one provider.
// Its kind is mostly block. Replies of other kinds are there if their rule has a
// hint or a link: a fault in our own set-up that they name, a limit that they
// tell how to have raised.
type Block struct {
	Provider string    `json:"provider"`
	Class    string    `json:"class"`
	Kind     string    `json:"kind"`
	List     string    `json:"list"` // "" none
	Rule     string    `json:"rule"` // "" none
	RuleGone bool      `json:"rule_gone,omitempty"`
	Hint     string    `json:"hint"` // "" none
	Link     string    `json:"link"` // "" none
	Template string    `json:"template"`
	Count    uint64    `json:"count"`
	First    time.Time `json:"first,omitzero"` // of the lines, not of the clock
	Last     time.Time `json:"last,omitzero"`
}

// maxBlocks is how many are kept, at most 1.5 MB, and how many series of
// postfix_block_info there may be.
const maxBlocks = 500

// blocks keeps them. Their names are from the rules: a server can bring as many
// as there are rules that name its provider or none, not more. When there is no
// room, the one that was longest not seen leaves.
//
// Hints and links are not kept. They are those of the rules in use when somebody
// asks, so that a mended hint shows at once, and one whose rule was taken away
// or means something else now is gone; what was counted stays.
type blocks struct {
	limit     int
	index     map[blockKey]*block
	admitted  uint64
	forgotten uint64   // replies of those that left
	byNumber  []*block // scratch
}

type blockKey struct{ provider, class, list, rule string }

type block struct {
	blockKey
	number uint64 // of those ever admitted
	kind   classify.Kind
	text   []byte // of the last reply
	user   []byte // its recipient's local part
	// template is made of the two when it is saved; isMade says that it was, or that
	// it was restored, without them.
	template []byte
	isMade   bool
	count    uint64
	span
}

func newBlocks(limit int) blocks {
	return blocks{limit: limit, index: make(map[blockKey]*block)}
}

// belongsToBlocks says whether a verdict is kept there.
func belongsToBlocks(v *classify.Verdict) bool {
	return v.Kind == classify.Block || v.Rule != nil && (v.Rule.Hint != "" || v.Rule.Link != "")
}

// add counts a reply. It allocates for a new entry, and for a text longer than
// those before. Its template is made when somebody asks, or the state is saved.
func (b *blocks) add(r *reading) {
	v := &r.verdict
	key := blockKey{provider: v.Provider, class: string(v.Class)}
	if v.Rule != nil {
		key.list, key.rule = v.Rule.List, v.Rule.Name
	}
	known := b.index[key]
	if known == nil {
		known = b.admit(key)
	}
	known.kind = v.Kind
	d := &r.event.Delivery
	known.text = append(known.text[:0], d.Text[:min(len(d.Text), maxReplyText)]...)
	known.user = append(known.user[:0], classify.LocalPart(d.To)...)
	known.isMade = false
	known.count++
	known.extend(r.event.Time)
}

// makeTemplates makes those that are not made yet.
func (b *blocks) makeTemplates() {
	for _, known := range b.index {
		if !known.isMade {
			known.template = classify.AppendTemplate(known.template[:0], alias(known.text), alias(known.user))
			known.isMade = true
		}
	}
}

func (b *blocks) admit(k blockKey) *block {
	if len(b.index) >= b.limit {
		b.evict()
	}
	// Copies, lest a name hold a whole file of rules that is no longer in use.
	k = blockKey{strings.Clone(k.provider), strings.Clone(k.class), strings.Clone(k.list), strings.Clone(k.rule)}
	added := &block{blockKey: k}
	b.put(added)
	return added
}

// put puts in one that is not there yet, and numbers it.
func (b *blocks) put(added *block) {
	b.admitted++
	added.number = b.admitted
	b.index[added.blockKey] = added
}

func (b *blocks) evict() {
	oldest := slices.MinFunc(slices.Collect(maps.Values(b.index)), func(x, y *block) int {
		return cmp.Or(x.last.Compare(y.last), cmp.Compare(x.number, y.number))
	})
	delete(b.index, oldest.blockKey)
	b.forgotten += oldest.count
}

func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Blocks are who blocks us, the latest first; behind them are the other kinds.
func (e *Engine) Blocks() []Block {
	all := e.copyBlocks()
	rules := e.rules.Load()
	for i := range all {
		b := &all[i]
		b.Hint, b.Link, b.RuleGone = rules.advice(b.Rule, b.Class, b.List)
	}
	slices.SortFunc(all, func(a, b Block) int {
		return cmp.Or(blockFirst(a.Kind, b.Kind), b.Last.Compare(a.Last), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Class, b.Class),
			cmp.Compare(a.List, b.List), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}

func blockFirst(a, b string) int {
	const block = string(classify.Block)
	switch {
	case (a == block) == (b == block):
		return 0
	case a == block:
		return -1
	}
	return 1
}

func (e *Engine) copyBlocks() []Block {
	all, texts := e.copyBlockTexts()
	for i, t := range texts {
		if !t.isTemplate {
			all[i].Template = string(classify.AppendTemplate(nil, t.text, t.user))
		}
	}
	return all
}

// blockText is a block's last reply and its recipient's local part, where the
// template is not made yet.
type blockText struct {
	text, user string
	isTemplate bool
}

// copyBlockTexts copies them without templates: those can be made without the lock.
func (e *Engine) copyBlockTexts() ([]Block, []blockText) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]Block, 0, len(e.blocks.index))
	texts := make([]blockText, 0, len(e.blocks.index))
	for k, b := range e.blocks.index {
		all = append(all, Block{
			Provider: k.provider, Class: k.class, Kind: string(b.kind), List: k.list, Rule: k.rule,
			Count: b.count, First: shown(b.first), Last: shown(b.last),
		})
		t := blockText{isTemplate: b.isMade}
		if b.isMade {
			all[len(all)-1].Template = string(b.template)
		} else {
			t.text, t.user = string(b.text), string(b.user)
		}
		texts = append(texts, t)
	}
	return all, texts
}

// refusals are the keys of kind block.
func (b *blocks) refusals() []blockKey {
	var all []blockKey
	for k, known := range b.index {
		if known.kind == classify.Block {
			all = append(all, k)
		}
	}
	return all
}

// infos are the labels of postfix_block_info. Rules that say the same make one
// series, and so do those that are gone: counts of kind block always find one.
func (b *rulebook) infos(keys []blockKey) []BlockLabels {
	all := make(map[BlockLabels]struct{})
	for _, k := range keys {
		hint, link, _ := b.advice(k.rule, k.class, k.list)
		all[BlockLabels{k.provider, k.class, k.list, hint, link}] = struct{}{}
	}
	return slices.Collect(maps.Keys(all))
}
