package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/partnership"
)

// picture is the banner of an ad, if it has one. The message must hold the file.
func picture(ad partnership.Ad) []discord.ContainerSubComponent {
	if !ad.Banner.Shown() {
		return nil
	}
	return []discord.ContainerSubComponent{discord.NewMediaGallery(discord.MediaGalleryItem{
		Media: discord.UnfurledMediaItem{URL: "attachment://" + ad.Banner.File()},
	})}
}
