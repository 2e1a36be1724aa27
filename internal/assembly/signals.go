package assembly

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A signal is a metric that CloudWatch makes of lines in a function's log.
type signal struct {
	FilterPattern         string
	LogGroupName          string
	MetricTransformations []struct{ MetricName, MetricValue string }
}

// Signals returns what the template's metric filters would have made of the logs
// of all functions so far: the values of each metric, in no order. A metric that
// has none is there without any.
func (a *Assembly) Signals() (map[string][]float64, error) {
	t, made := a.cfg.Template, map[string][]float64{}
	for _, id := range t.of(typeFilter) {
		var s signal
		if err := t.decode(id, &s); err != nil {
			return nil, err
		}
		lines, err := a.logged(s.LogGroupName)
		if err != nil {
			return nil, fmt.Errorf("metric filter %s: %w", id, err)
		}
		fits, err := pattern(s.FilterPattern)
		if err != nil {
			return nil, fmt.Errorf("metric filter %s: %w", id, err)
		}
		for _, m := range s.MetricTransformations {
			made[m.MetricName] = append(made[m.MetricName], values(lines, fits, m.MetricValue)...)
		}
	}
	return made, nil
}

// logged returns the lines of JSON in a log group.
func (a *Assembly) logged(group string) (lines []map[string]any, err error) {
	text, known := a.access.of(group)
	for _, id := range a.cfg.Template.of(typeFunction) {
		var f struct{ LoggingConfig struct{ LogGroup string } }
		if err := a.cfg.Template.decode(id, &f); err != nil {
			return nil, err
		}
		if f.LoggingConfig.LogGroup == group {
			text, known = a.Functions[a.names[id]].Logs(), true
		}
	}
	if !known {
		return nil, fmt.Errorf("nothing writes to the log group %s", group)
	}
	for _, each := range strings.Split(text, "\n") {
		var line map[string]any
		if json.Unmarshal([]byte(each), &line) == nil {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// values returns what a filter makes of lines: a number, or that in a field.
func values(lines []map[string]any, fits func(map[string]any) bool, value string) (list []float64) {
	for _, line := range lines {
		if !fits(line) {
			continue
		}
		if field, ok := strings.CutPrefix(value, "$."); ok {
			if n, ok := line[field].(float64); ok {
				list = append(list, n)
			}
			continue
		}
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// pattern reads a filter pattern of CloudWatch's, as far as they are used here:
// conditions on fields of JSON, all of which must hold.
func pattern(text string) (fits func(map[string]any) bool, err error) {
	inner := strings.TrimSuffix(strings.TrimPrefix(text, "{ "), " }")
	var all []func(map[string]any) bool
	for _, part := range strings.Split(inner, " && ") {
		holds := condition(strings.TrimSuffix(strings.TrimPrefix(part, "("), ")"))
		if holds == nil {
			return nil, fmt.Errorf("the pattern %s is not known here", text)
		}
		all = append(all, holds)
	}
	return func(line map[string]any) bool {
		for _, holds := range all {
			if !holds(line) {
				return false
			}
		}
		return true
	}, nil
}

// condition reads one condition of a filter pattern; nil if it is not known here.
func condition(text string) (holds func(map[string]any) bool) {
	found := regexp.MustCompile(`^\$\.(\w+) (?:= "([^"*]*)(\*?)"|(IS TRUE)|> (\d+))$`).FindStringSubmatch(text)
	if found == nil {
		return nil
	}
	field, begins, star, yes, least := found[1], found[2], found[3], found[4], found[5]
	return func(line map[string]any) bool {
		switch value := line[field].(type) {
		case string:
			return yes == "" && least == "" && (value == begins || star != "" && strings.HasPrefix(value, begins))
		case bool:
			return yes != "" && value
		case float64:
			bar, err := strconv.ParseFloat(least, 64)
			return err == nil && value > bar
		}
		return false
	}
}
