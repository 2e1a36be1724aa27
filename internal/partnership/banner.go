package partnership

import (
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/refuse"
)

// A Banner is the picture of an ad. Its bytes stand in a message of the bot's
// own, the review card or the listing: Discord's links to a file end after a day,
// and are read anew from there.
type Banner struct {
	Type   string `json:"type"` // by its bytes, "image/png"; as Discord says until they were looked at
	Size   int    `json:"size"` // bytes
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Source string `json:"source"`         // Discord's link to the file as it was handed in
	Lost   bool   `json:"lost,omitempty"` // it could not be fetched: the ad goes without

	// Of a banner that took the place of another: the edit it came with, by which
	// its file is told from the other's, and the card of that edit, which holds it.
	Edit string `json:"edit,omitempty"`
	Card string `json:"card,omitempty"`

	Bare bool `json:"-"` // it is not shown here: the message stands without the file
}

// The limits of a banner. Eight megabytes leave room below the ten that Discord
// takes in one message of a bot.
const (
	MaxBanner   = 8 << 20 // bytes
	MinWidth    = 400     // pixels
	MaxWidth    = 4096
	MaxFlatness = 5 // times as wide as high
)

// bannerTypes are the types of pictures that every Discord client shows, with
// the ends of their names.
func bannerTypes() map[string]string {
	return map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif"}
}

// The types of a banner that are none of Discord's.
const (
	Unjudged  = "image" // a picture whose name does not tell its type: its bytes will
	NoPicture = "?"     // no picture, or none that every client shows
)

// BannerType returns the type of a banner in Discord's words without what may
// follow it, "" if it is none that is taken.
func BannerType(contentType string) string {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	if kind = strings.TrimSpace(kind); bannerTypes()[kind] == "" {
		return ""
	}
	return kind
}

// Shown reports whether there is a picture to show.
func (b Banner) Shown() bool { return b.Type != "" && !b.Lost && !b.Bare }

// File is the name under which b is posted: never the one a person gave it.
func (b Banner) File() string {
	if b.Edit != "" {
		return "banner-" + b.Edit + bannerTypes()[b.Type]
	}
	return "banner" + bannerTypes()[b.Type]
}

// Check refuses a picture that must not become a banner, going by what Discord
// says about the file. The zero Banner is none, and passes.
func (b Banner) Check() error {
	if b == (Banner{}) {
		return nil
	}
	args := []string{"width", strconv.Itoa(b.Width), "height", strconv.Itoa(b.Height)}
	switch {
	case b.Type != Unjudged && BannerType(b.Type) == "":
		return refuse.Because("banner.type")
	case b.Size <= 0 || b.Size > MaxBanner:
		return refuse.Because("banner.size", "most", strconv.Itoa(MaxBanner>>20))
	case b.Width < MinWidth || b.Width > MaxWidth:
		return refuse.Because("banner.width", append(args, "least", strconv.Itoa(MinWidth), "most", strconv.Itoa(MaxWidth))...)
	case b.Height <= 0 || b.Height > b.Width || b.Width > b.Height*MaxFlatness:
		return refuse.Because("banner.shape", append(args, "most", strconv.Itoa(MaxFlatness))...)
	}
	return nil
}
