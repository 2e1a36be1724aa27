package chart

import (
	"cmp"
	"image"
	"image/color"
	"maps"
	"slices"
)

// mostColors is how many colors an indexed PNG has room for.
const mostColors = 256

// indexed is img, through which nothing shines, with fewer colors: edges have many that
// nobody tells apart. As a PNG it is half as large, and written in a quarter of the time.
func indexed(img *image.RGBA) *image.Paletted {
	counts := make(map[color.RGBA]int)
	runs(img, func(c color.RGBA, from, to int) { counts[c] += to - from })
	all := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { // the same picture is the same bytes
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range all {
		if len(palette) < mostColors && !slices.ContainsFunc(palette, func(p color.Color) bool { return alike(p.(color.RGBA), c) }) {
			palette = append(palette, c)
		}
	}
	places := make(map[color.RGBA]uint8, len(all))
	for _, c := range all {
		places[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(img.Rect, palette)
	runs(img, func(c color.RGBA, from, to int) {
		place := places[c]
		for i := range out.Pix[from:to] {
			out.Pix[from+i] = place
		}
	})
	return out
}

// alike reports whether nobody sees the difference between two colors.
func alike(a, b color.RGBA) bool {
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 6 }
	return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B)
}

// runs calls each with the runs of pixels of one color, in their order.
func runs(img *image.RGBA, each func(c color.RGBA, from, to int)) {
	pix, from := img.Pix, 0
	for at := 4; at <= len(pix); at += 4 {
		if at < len(pix) && [4]byte(pix[at:]) == [4]byte(pix[at-4:]) {
			continue
		}
		each(color.RGBA{pix[at-4], pix[at-3], pix[at-2], pix[at-1]}, from, at/4)
		from = at / 4
	}
}
