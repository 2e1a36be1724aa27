// Package chart draws the pictures of the statistics, as PNG.
//
// A picture stands on a ground of its own, so that it reads the same in Discord's
// dark and light themes. Nothing in it is told by color alone: what is known of
// joins is filled, what is not is hollow, and what nobody could count is hatched.
package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Joins is a picture of the joins of some days.
type Joins struct {
	Days []Day  // in their order, 1 to MaxDays
	Gaps []Span // what nobody could count
	Words
}

// MaxDays is how many days a picture shows: there is no room for more.
const MaxDays = 90

// A Day is what a picture shows of one day.
type Day struct {
	Name       string // as it stands below it: "21 Nov"
	Counted    int
	Identified int  // of those who were counted
	Here       *int // members who are still here; nil if nobody counted them
}

// A Span is some time, in days since the beginning of the first: noon of the second
// is 1.5. What is before or after the picture is cut off.
type Span struct{ From, To float64 }

// Words are what a picture says.
type Words struct {
	Counted    string // of the whole bars
	Identified string // of the filled part of the bars; "" if nothing is known of who came
	Gaps       string // of what is hatched
	Here       string // of the line
	Count      func(int) string
}

// The size of a picture in points. Each is two pixels, for screens that have them.
const (
	width, height = 800 * vg.Length(1), 400 * vg.Length(1)
	dotsPerInch   = 2 * 72
)

// The places in a picture, in points.
const (
	margin  = 18 * vg.Length(1) // around everything
	legend  = 30 * vg.Length(1) // how high the line with the words is
	hereIs  = 130 * vg.Length(1)
	betwixt = 12 * vg.Length(1) // between the two plots
)

// PNG draws the picture: the same bytes for the same days and words, on one kind of
// machine. It takes some 13 MB of memory and, on a slow machine, a tenth of a second.
func (j Joins) PNG() ([]byte, error) {
	if n := len(j.Days); n < 1 || n > MaxDays {
		return nil, fmt.Errorf("draw %d days: a picture shows 1 to %d", n, MaxDays)
	}
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(ground()))
	j.draw(draw.Crop(draw.New(canvas), margin, -margin, margin, -margin))
	var img image.Image = canvas.Image()
	if full, ok := img.(*image.RGBA); ok { // it is
		img = indexed(full)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return b.Bytes(), nil
}

// draw draws the words and, below them, the bars, and the line if there is one.
func (j Joins) draw(c draw.Canvas) {
	high := c.Max.Y - c.Min.Y
	top, line := draw.Crop(c, 0, 0, 0, -legend), draw.Canvas{}
	key(draw.Crop(c, 0, 0, high-legend, 0), j.barEntries())
	plots := []*plot.Plot{j.bars()}
	areas := []draw.Canvas{top}
	if j.counted() {
		line = draw.Crop(top, 0, 0, 0, -(high - legend - hereIs))
		areas[0] = draw.Crop(top, 0, 0, hereIs+betwixt, 0)
		key(draw.Crop(line, 0, 0, hereIs-legend, 0), []entry{{lineSample, j.Here}})
		plots, areas = append(plots, j.line()), append(areas, draw.Crop(line, 0, 0, 0, -legend))
	}
	align(plots, areas)
	for i, p := range plots {
		p.Draw(areas[i])
	}
}

// counted reports whether it is known of any day who is still here.
func (j Joins) counted() bool {
	for _, d := range j.Days {
		if d.Here != nil {
			return true
		}
	}
	return false
}

// align narrows the areas so that the days of all plots stand below each other,
// however wide the numbers beside them are.
func align(plots []*plot.Plot, areas []draw.Canvas) {
	left, right := vg.Length(0), areas[0].Max.X
	for i, p := range plots {
		days := p.DataCanvas(areas[i])
		left, right = max(left, days.Min.X), min(right, days.Max.X)
	}
	for i, p := range plots {
		days := p.DataCanvas(areas[i])
		areas[i].Min.X += left - days.Min.X
		areas[i].Max.X += right - days.Max.X
	}
}
