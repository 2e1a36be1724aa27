package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colors. What carries meaning has a contrast of at least 3 to the ground, and
// words one of at least 4.5, as WCAG 2.1 asks: a test computes it.
func ground() color.NRGBA { return color.NRGBA{0x1e, 0x1f, 0x24, 0xff} }
func words() color.NRGBA  { return color.NRGBA{0xe6, 0xe8, 0xec, 0xff} }
func joined() color.NRGBA { return color.NRGBA{0x6f, 0xa8, 0xff, 0xff} }
func stayed() color.NRGBA { return color.NRGBA{0xf2, 0xb1, 0x3c, 0xff} }
func dark() color.NRGBA   { return color.NRGBA{0x9a, 0xa0, 0xab, 0xff} } // what is not known
func rule() color.NRGBA   { return color.NRGBA{0x3b, 0x3e, 0x47, 0xff} } // decoration: the lines behind

// stroke is the style of a line.
func stroke(c color.Color, wide vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: wide}
}

// writing is the style of words of a size in points.
func writing(size vg.Length, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{
		Color: words(), Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler,
	}
}

// The sizes of words in points: in a narrow window Discord halves the picture.
const (
	wordSize   = 15 * vg.Length(1)
	numberSize = 13 * vg.Length(1)
)

// blank is a plot of so many days without anything in it.
func (j Joins) blank(highest int) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max = 0, float64(len(j.Days))
	steps := scale(highest, j.Count)
	p.Y.Min, p.Y.Max = 0, steps[len(steps)-1].Value
	p.Y.Tick.Marker = plot.ConstantTicks(steps)
	p.X.Tick.Marker = plot.ConstantTicks(j.names())
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width, p.Y.Tick.Length = 0, 0, 6
	p.X.LineStyle = stroke(dark(), 1)
	p.X.Tick.LineStyle, p.X.Tick.Length = stroke(dark(), 1), 5
	p.X.Padding, p.Y.Padding = 0, 0
	p.X.Tick.Label = writing(numberSize, draw.XCenter, draw.YTop)
	p.Y.Tick.Label = writing(numberSize, draw.XRight, draw.YCenter)
	p.Add(rules{steps})
	return p
}

// rules are the lines across a plot, one for each number beside it.
type rules struct{ steps []plot.Tick }

// Plot implements [plot.Plotter].
func (r rules) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for _, s := range r.steps[1:] {
		c.StrokeLine2(stroke(rule(), 1), c.Min.X, y(s.Value), c.Max.X, y(s.Value))
	}
}

// names are the days that are named below the plot, the last in any case: as many
// as there is room for.
func (j Joins) names() (ticks []plot.Tick) {
	const most = 10
	every := (len(j.Days) + most - 1) / most
	if every > 7 {
		every = (every + 6) / 7 * 7 // whole weeks
	}
	for i := len(j.Days) - 1; i >= 0; i -= every {
		ticks = append(ticks, plot.Tick{Value: float64(i) + 0.5, Label: j.Days[i].Name})
	}
	return ticks
}

// scale are the numbers beside a plot whose highest value is given: from 0, in up
// to five steps of 1, 2 or 5 times a power of ten, all whole.
func scale(highest int, count func(int) string) (ticks []plot.Tick) {
	step := 1
	for k := 0; step*4 < highest; k++ {
		step = step * []int{2, 5, 2}[k%3] / []int{1, 2, 1}[k%3]
	}
	for n := 0; ; n += step {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: count(n)})
		if n >= highest && n > 0 {
			return ticks
		}
	}
}

// A sample shows in the key what a word is about, in a box of the given corners.
type sample func(c draw.Canvas, box vg.Rectangle)

// An entry of the key is a sample and its word.
type entry struct {
	sample
	word string
}

// key writes entries in one line, from the left.
func key(c draw.Canvas, entries []entry) {
	sty := writing(wordSize, draw.XLeft, draw.YCenter)
	x, middle := c.Min.X, (c.Min.Y+c.Max.Y)/2+2
	for _, e := range entries {
		box := vg.Rectangle{Min: vg.Point{X: x, Y: middle - 8.5}, Max: vg.Point{X: x + 20, Y: middle + 5.5}}
		e.sample(c, box)
		c.FillText(sty, vg.Point{X: box.Max.X + 7, Y: middle}, e.word)
		x = box.Max.X + 7 + sty.Width(e.word) + 26
	}
}
