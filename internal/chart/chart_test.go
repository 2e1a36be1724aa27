package chart_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/chart"
)

var update = flag.Bool("update", false, "rewrite testdata with what is drawn now")

// pictures are what is compared with testdata.
func pictures() map[string]chart.Joins {
	return map[string]chart.Joins{"week": week(), "month": month(), "quarter": quarter(), "counted": counted(), "nothing": nothing()}
}

func words() chart.Words {
	return chart.Words{
		Counted: "Counted: 412", Identified: "of those identified: 306", Gaps: "cannot be known", Here: "Still here: 268",
		Count: func(n int) string { return fmt.Sprint(n) },
	}
}

// days are so many days up to 21 November 2026, made by each.
func days(n int, each func(i int) chart.Day) (list []chart.Day) {
	last := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for i := range n {
		d := each(i)
		d.Name = last.AddDate(0, 0, i-n+1).Format("2 Jan")
		list = append(list, d)
	}
	return list
}

func week() chart.Joins {
	return chart.Joins{Words: words(), Days: days(7, func(i int) chart.Day {
		return chart.Day{Counted: []int{3, 0, 12, 7, 1, 5, 9}[i], Identified: []int{3, 0, 9, 7, 0, 4, 6}[i], Here: new(200 + 11*i)}
	}), Gaps: []chart.Span{{1.2, 1.9}}}
}

func month() chart.Joins {
	return chart.Joins{Words: words(), Days: days(30, func(i int) chart.Day {
		d := chart.Day{Counted: (i*i*7 + i) % 41, Here: new(100 + 6*i - i*i/9)}
		d.Identified = d.Counted * 3 / 4
		if i > 11 && i < 15 {
			d.Here = nil
		}
		return d
	}), Gaps: []chart.Span{{12.1, 14.6}, {22.3, 22.31}}}
}

func quarter() chart.Joins {
	return chart.Joins{Words: words(), Days: days(90, func(i int) chart.Day {
		d := chart.Day{Counted: int(20 + 15*math.Sin(float64(i)/5) + float64(i*13%7))}
		if i == 61 {
			d.Counted = 500 // a raid
		}
		d.Identified = d.Counted * (i % 5) / 4
		d.Here = new(10 + 12*i)
		return d
	})}
}

// counted is all there is without marker roles.
func counted() chart.Joins {
	j := chart.Joins{Words: words(), Days: days(30, func(i int) chart.Day { return chart.Day{Counted: i * 5 % 9} })}
	j.Words.Identified = ""
	return j
}

func nothing() chart.Joins {
	return chart.Joins{Words: words(), Days: days(7, func(int) chart.Day { return chart.Day{} }), Gaps: []chart.Span{{-3, 40}, {50, 60}}}
}

// drawn is the picture of j, and how it is kept.
func drawn(t *testing.T, j chart.Joins) (*image.NRGBA, []byte) {
	t.Helper()
	b, err := j.PNG()
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, b), b
}

// decoded is the picture that is kept as b.
func decoded(t *testing.T, b []byte) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	plain := image.NewNRGBA(img.Bounds())
	draw.Draw(plain, plain.Bounds(), img, image.Point{}, draw.Src)
	return plain
}

// TestPictures compares the pictures with those of testdata, which somebody looked
// at. Machines round differently, so that edges may differ a little.
func TestPictures(t *testing.T) {
	t.Parallel()
	for name, j := range pictures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, b := drawn(t, j)
			path := filepath.Join("testdata", name+".png")
			small := halved(got)
			if *update {
				var half bytes.Buffer
				if err := png.Encode(&half, small); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, half.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if n := different(small, decoded(t, kept)); n > 50 {
				t.Errorf("%d pixels differ from %s; look at it after -update", n, path)
			}
			if again, _ := j.PNG(); name == "week" && !bytes.Equal(again, b) {
				t.Error("drawn twice, it is two pictures")
			}
			readable(t, got)
			if got.Bounds() != image.Rect(0, 0, 1600, 800) {
				t.Errorf("it is %v large", got.Bounds())
			}
		})
	}
}

// halved is img with half as many pixels each way, each the mean of four: so it is
// kept.
func halved(img *image.NRGBA) *image.NRGBA {
	size := img.Bounds().Size().Div(2)
	small := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		up, down, row := img.Pix[2*y*img.Stride:], img.Pix[(2*y+1)*img.Stride:], small.Pix[y*small.Stride:]
		for i := range 4 * size.X {
			at := 8*(i/4) + i%4
			row[i] = uint8((int(up[at]) + int(up[at+4]) + int(down[at]) + int(down[at+4])) / 4)
		}
	}
	return small
}

// different counts the pixels by which a and b clearly differ.
func different(a, b *image.NRGBA) (n int) {
	if a.Bounds() != b.Bounds() {
		return math.MaxInt
	}
	for i := 0; i < len(a.Pix); i += 4 {
		p, q := a.Pix[i:i+4], b.Pix[i:i+4]
		if !bytes.Equal(p, q) && math.Abs(luminance(color.NRGBA{p[0], p[1], p[2], p[3]})-luminance(color.NRGBA{q[0], q[1], q[2], q[3]})) > 0.05 {
			n++
		}
	}
	return n
}

// luminance is how light a color is, from 0 to 1, as WCAG 2.1 computes it.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// pixels counts the pixels of img that have the color with a name.
func pixels(img *image.NRGBA, name string) (n int) {
	c := chart.Colors()[name]
	want := []byte{c.R, c.G, c.B, c.A}
	for i := 0; i < len(img.Pix); i += 4 {
		if bytes.Equal(img.Pix[i:i+4], want) {
			n++
		}
	}
	return n
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast checks that everything can be told from the ground, which is the
// same in every theme of Discord: it covers the whole picture.
func TestContrast(t *testing.T) {
	t.Parallel()
	ground := chart.Colors()["ground"]
	for name, least := range map[string]float64{"words": 4.5, "joined": 3, "stayed": 3, "unknown": 3} {
		if got := contrast(chart.Colors()[name], ground); got < least {
			t.Errorf("%s: a contrast of %.2f to the ground, want %.1f", name, got, least)
		}
	}
}

// readable checks that a picture covers the theme behind it, and has words.
func readable(t *testing.T, img *image.NRGBA) {
	t.Helper()
	if !img.Opaque() {
		t.Error("the theme shines through")
	}
	if ground, words := pixels(img, "ground"), pixels(img, "words"); ground < len(img.Pix)/16 || words < 200 {
		t.Errorf("%d pixels are ground, %d words", ground, words)
	}
}

// TestFigures looks for what a picture must show: more pixels of a color for more of
// what it stands for.
func TestFigures(t *testing.T) {
	t.Parallel()
	show := func(j chart.Joins) *image.NRGBA {
		img, _ := drawn(t, j)
		return img
	}
	all := week()
	for i := range all.Days {
		all.Days[i].Identified = all.Days[i].Counted
	}
	plain, some := show(counted()), show(week())
	if few, more, most := pixels(plain, "joined"), pixels(some, "joined"), pixels(show(all), "joined"); few >= more || more >= most {
		t.Errorf("none, some and all identified: %d, %d, %d pixels are filled", few, more, most)
	}
	if n := pixels(plain, "stayed"); n > 0 {
		t.Errorf("nobody counted who is still here, and there is a line of %d pixels", n)
	}
	shut := week()
	shut.Gaps = nil
	if with, without := pixels(some, "unknown"), pixels(show(shut), "unknown"); with < without+2000 { // more than the key has
		t.Errorf("a gap shows in %d pixels, none in %d", with, without)
	}
	one := counted()
	one.Days[3].Counted = 100_000 // beside which the others are nothing
	if n := pixels(show(one), "joined"); n < 29*4 {
		t.Errorf("single joins beside many show in %d pixels", n)
	}
}

func TestRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, chart.MaxDays + 1} {
		if _, err := (chart.Joins{Words: words(), Days: make([]chart.Day, n)}).PNG(); err == nil {
			t.Errorf("%d days were drawn", n)
		}
	}
}

// BenchmarkPNG reports the time and memory of the largest picture.
func BenchmarkPNG(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := quarter().PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
