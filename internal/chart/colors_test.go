package chart

import "image/color"

// Colors are those of the pictures, by name, for tests.
func Colors() map[string]color.NRGBA {
	return map[string]color.NRGBA{"ground": ground(), "words": words(), "joined": joined(), "stayed": stayed(), "unknown": dark()}
}
