package interactions

import (
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// A number is a setting that is typed. Its texts are "setup.<name>-label" and
// "setup.<name>-hint".
type number struct {
	name   string
	chosen func(settings.Settings) int
	set    func(*settings.Settings, string) error
}

// intakeNumbers are the numbers of who may apply.
func (c *call) intakeNumbers() []number {
	return []number{
		{"minimum", func(s settings.Settings) int { return s.Minimum }, (*settings.Settings).SetMinimum},
		{"cooldown", func(s settings.Settings) int { return s.Cooldown }, (*settings.Settings).SetCooldown},
		{"active", func(s settings.Settings) int { return s.Active }, func(s *settings.Settings, typed string) error {
			return s.SetActive(typed, c.limits.Active)
		}},
	}
}

// reviewNumbers are the numbers of what becomes of applications that wait.
func reviewNumbers() []number {
	return []number{
		{"expiry", func(s settings.Settings) int { return s.Expiry }, (*settings.Settings).SetExpiry},
		{"remind", func(s settings.Settings) int { return s.Remind }, (*settings.Settings).SetRemind},
	}
}

// ask is the form "setup/<name>" with numbers, filled in with those that are chosen.
func (c *call) ask(name string, numbers []number) discord.InteractionResponse {
	var fields []discord.LayoutComponent
	for _, n := range numbers {
		input := discord.NewShortTextInput(n.name).WithRequired(true).WithMaxLength(12).WithValue(strconv.Itoa(n.chosen(c.settings())))
		fields = append(fields, field(c.say.Say("setup."+n.name+"-label"),
			c.say.Say("setup."+n.name+"-hint", "most", strconv.Itoa(c.limits.Active)), input))
	}
	return modal("setup/"+name, c.say.Say("setup."+name+"-title"), fields...)
}

// take stores the numbers of a form: all of them, or none. What the form did not
// have stays as it is.
func (c *call) take(numbers []number, s *settings.Settings) error {
	for _, n := range numbers {
		typed, sent := c.fields[n.name]
		if !sent {
			continue
		}
		if err := n.set(s, typed); err != nil {
			return err
		}
	}
	return nil
}

// setupMinimum handles Change numbers of who may apply.
func setupMinimum(c *call) (discord.InteractionResponse, error) {
	return c.ask("minimum", c.intakeNumbers()), nil
}

// setupMinimumSet handles the sent numbers.
func setupMinimumSet(c *call) (discord.InteractionResponse, error) {
	return c.change("minimum", setup.Intake, "modal", func(s *settings.Settings) error { return c.take(c.intakeNumbers(), s) })
}

// setupWaiting handles Change numbers of what waits.
func setupWaiting(c *call) (discord.InteractionResponse, error) {
	return c.ask("waiting", reviewNumbers()), nil
}

// setupWaitingSet handles the sent numbers.
func setupWaitingSet(c *call) (discord.InteractionResponse, error) {
	return c.change("waiting", setup.Review, "modal", func(s *settings.Settings) error { return c.take(reviewNumbers(), s) })
}

// setupCategories handles Change categories: it asks for them, one a line.
func setupCategories(c *call) (discord.InteractionResponse, error) {
	input := discord.NewParagraphTextInput("categories").WithRequired(true).
		WithMaxLength(2 * settings.MaxTopics * settings.MaxTopic).WithValue(strings.Join(c.settings().Topics, "\n"))
	return modal("setup/categories", c.say.Say("setup.categories-title"),
		field(c.say.Say("setup.categories-label"), c.say.Say("setup.categories-hint",
			"most", strconv.Itoa(settings.MaxTopics), "long", strconv.Itoa(settings.MaxTopic)), input)), nil
}

// setupCategoriesSet handles the sent categories.
func setupCategoriesSet(c *call) (discord.InteractionResponse, error) {
	return c.change("categories", setup.Review, "modal", func(s *settings.Settings) error { return s.SetTopics(c.fields["categories"]) })
}
