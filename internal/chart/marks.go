package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// barEntries are what the key says of the bars.
func (j Joins) barEntries() []entry {
	entries := []entry{{hollow, j.Words.Counted}}
	if j.Words.Identified != "" {
		entries = append(entries, entry{filled, j.Words.Identified})
	}
	if len(j.Gaps) > 0 {
		entries = append(entries, entry{hatch, j.Words.Gaps})
	}
	return entries
}

// bars is the plot of the joins.
func (j Joins) bars() *plot.Plot {
	highest := 4 // lower, few joins would look like many
	for _, d := range j.Days {
		highest = max(highest, d.Counted)
	}
	p := j.blank(highest)
	p.Add(gaps{j.Gaps}, joins{j.Days})
	return p
}

// line is the plot of who is still here.
func (j Joins) line() *plot.Plot {
	highest := 4
	for _, d := range j.Days {
		if d.Here != nil {
			highest = max(highest, *d.Here)
		}
	}
	p := j.blank(highest)
	p.X.Tick.Marker = plot.ConstantTicks(nil) // they stand above
	p.X.Tick.Length = 0
	p.Add(here{j.Days})
	return p
}

// joins draws a bar for each day that had joins.
type joins struct{ days []Day }

// Plot implements [plot.Plotter].
func (b joins) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	slot := x(1) - x(0)
	gap := max(slot*0.2, slot-64)
	for i, d := range b.days {
		box := vg.Rectangle{Min: vg.Point{X: x(float64(i)) + gap/2, Y: y(0)}, Max: vg.Point{X: x(float64(i)+1) - gap/2}}
		if box.Max.Y = tall(y, d.Counted); d.Counted > 0 {
			c.FillPolygon(ground(), corners(box)) // what is hatched ends at the bar
			hollow(c, box)
		}
		if box.Max.Y = tall(y, d.Identified); d.Identified > 0 {
			filled(c, box)
		}
	}
}

// tall is up to where a bar of n goes. One join can be seen beside a thousand.
func tall(y func(float64) vg.Length, n int) vg.Length { return max(y(float64(n)), y(0)+3) }

// gaps hatches the time of which nobody knows.
type gaps struct{ spans []Span }

// Plot implements [plot.Plotter].
func (g gaps) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	for _, s := range g.spans {
		from, to := max(s.From, p.X.Min), min(s.To, p.X.Max)
		if from > to {
			continue
		}
		box := vg.Rectangle{Min: vg.Point{X: x(from), Y: c.Min.Y}, Max: vg.Point{X: x(to), Y: c.Max.Y}}
		if short := 8 - (box.Max.X - box.Min.X); short > 0 { // wide enough to be seen
			box.Min.X = min(max(box.Min.X-short/2, c.Min.X), c.Max.X-8)
			box.Max.X = box.Min.X + 8
		}
		hatch(c, box)
	}
}

// here draws a line from day to day, as far as it is known who was still here: what
// is between two looks is not made up.
type here struct{ days []Day }

// Plot implements [plot.Plotter].
func (h here) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var run []vg.Point
	end := func() {
		c.StrokeLines(stroke(stayed(), 2.5), run)
		if dots := x(1)-x(0) > 14; dots || len(run) == 1 {
			for _, at := range run {
				c.DrawGlyph(draw.GlyphStyle{Color: stayed(), Radius: 4, Shape: draw.CircleGlyph{}}, at)
			}
		}
		run = nil
	}
	for i, d := range h.days {
		if d.Here == nil {
			end()
			continue
		}
		run = append(run, vg.Point{X: x(float64(i) + 0.5), Y: y(float64(*d.Here))})
	}
	end()
}

// hollow is a bar of which nothing is known but that it was counted.
func hollow(c draw.Canvas, box vg.Rectangle) {
	const wide = 1.5
	in := vg.Rectangle{Min: vg.Point{X: box.Min.X + wide/2, Y: box.Min.Y + wide/2}, Max: vg.Point{X: box.Max.X - wide/2, Y: box.Max.Y - wide/2}}
	around := corners(in)
	c.StrokeLines(stroke(joined(), wide), append(around, around[0], around[1]))
}

// filled is the part of a bar of which it is known who it was.
func filled(c draw.Canvas, box vg.Rectangle) { c.FillPolygon(joined(), corners(box)) }

// hatch fills box with slanted lines, which fit together from box to box.
func hatch(c draw.Canvas, box vg.Rectangle) {
	const apart = vg.Length(8)
	high := box.Max.Y - box.Min.Y
	for i := int((box.Min.X - high) / apart); vg.Length(i)*apart < box.Max.X; i++ {
		at := vg.Length(i) * apart
		from, to := max(at, box.Min.X), min(at+high, box.Max.X)
		if from < to {
			c.StrokeLine2(stroke(dark(), 1), from, box.Min.Y+from-at, to, box.Min.Y+to-at)
		}
	}
	for _, x := range []vg.Length{box.Min.X, box.Max.X} {
		c.StrokeLine2(stroke(dark(), 1), x, box.Min.Y, x, box.Max.Y)
	}
}

// lineSample is the line in the key.
func lineSample(c draw.Canvas, box vg.Rectangle) {
	middle := (box.Min.Y + box.Max.Y) / 2
	c.StrokeLine2(stroke(stayed(), 2.5), box.Min.X, middle, box.Max.X, middle)
	c.DrawGlyph(draw.GlyphStyle{Color: stayed(), Radius: 4, Shape: draw.CircleGlyph{}}, vg.Point{X: (box.Min.X + box.Max.X) / 2, Y: middle})
}

// corners are those of box, around it.
func corners(box vg.Rectangle) []vg.Point {
	return []vg.Point{box.Min, {X: box.Max.X, Y: box.Min.Y}, box.Max, {X: box.Min.X, Y: box.Max.Y}}
}
