package assembly

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// open serves where Discord calls: a Function URL, or an HTTP API.
func (a *Assembly) open(context.Context) error {
	urls, routes := a.cfg.Template.of(typeURL), a.cfg.Template.of(typeRoute)
	switch {
	case len(urls) == 1 && len(routes) == 0:
		return a.openURL(urls[0])
	case len(urls) == 0 && len(routes) == 1:
		return a.openRoute(routes[0])
	}
	return fmt.Errorf("the template has %d function URLs and %d routes of HTTP APIs, and one of both together is known here", len(urls), len(routes))
}

// openURL serves a Function URL.
func (a *Assembly) openURL(id string) error {
	var u struct{ TargetFunctionArn, AuthType string }
	if err := a.cfg.Template.decode(id, &u); err != nil {
		return err
	}
	f, err := a.invoker(u.TargetFunctionArn)
	if err != nil {
		return err
	}
	if u.AuthType != "NONE" {
		return fmt.Errorf("the function URL wants %s, which Discord does not have", u.AuthType)
	}
	// Lambda wants permissions even where the URL asks for no signature, and since
	// October 2025 two of them.
	for _, action := range []string{"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} {
		if err := a.cfg.Template.permits(u.TargetFunctionArn, "*", action); err != nil {
			return err
		}
	}
	a.URL = a.listen(lambdahost.FunctionURL(f))
	return nil
}

// openRoute serves the only route of an HTTP API: what it does not name, the API
// answers itself.
func (a *Assembly) openRoute(id string) error {
	var route struct{ RouteKey, Target, AuthorizationType string }
	if err := a.cfg.Template.decode(id, &route); err != nil {
		return err
	}
	var integration struct{ IntegrationUri, IntegrationType, PayloadFormatVersion string }
	if err := a.cfg.Template.decode(strings.TrimPrefix(route.Target, "integrations/"), &integration); err != nil {
		return err
	}
	if integration.IntegrationType != "AWS_PROXY" || integration.PayloadFormatVersion != "2.0" {
		return fmt.Errorf("the HTTP API passes requests on as %s, version %s", integration.IntegrationType, integration.PayloadFormatVersion)
	}
	if route.AuthorizationType != "NONE" {
		return fmt.Errorf("the HTTP API wants %s, which Discord does not have", route.AuthorizationType)
	}
	f, err := a.invoker(integration.IntegrationUri)
	if err != nil {
		return err
	}
	if err := a.cfg.Template.permits(integration.IntegrationUri, "apigateway.amazonaws.com", "lambda:InvokeFunction"); err != nil {
		return err
	}
	routes := http.NewServeMux()
	routes.Handle(route.RouteKey, lambdahost.FunctionURL(f)) // the events are alike
	a.URL = a.listen(a.access.watch(routes))
	return nil
}

// permits fails unless somebody may do something with a function.
func (t Template) permits(function, who, action string) error {
	for _, id := range t.of(typePermission) {
		var p struct{ Action, Principal, FunctionName string }
		if err := t.decode(id, &p); err != nil {
			return err
		}
		if last(p.FunctionName) == last(function) && p.Principal == who && p.Action == action {
			return nil
		}
	}
	return fmt.Errorf("nobody may call %s: there is no permission for %s by %s", last(function), action, who)
}
