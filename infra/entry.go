package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// The entries that the context chooses from.
const (
	entryURL = "url"
	entryAPI = "api"
)

// path is where the function answers Discord. Everything else it answers with 404.
const path = "/interactions"

// An entry is where Discord calls.
type entry struct {
	url    *string // with the path
	target *string // where a domain of one's own has to lead; nil without one
	broken awscloudwatch.IMetric
	log    awslogs.LogGroup // of every call; nil if there is none but the function's
}

func newEntry(p *parts) entry {
	if p.cfg.entry == entryAPI {
		return newAPI(p)
	}
	return newURL(p)
}

// newURL makes the default: it costs nothing, and needs nothing. Everybody may
// call it, for Discord has no AWS credentials; the function checks Discord's
// signature.
func newURL(p *parts) entry {
	f := p.functions["interactions"]
	url := f.AddFunctionUrl(&awslambda.FunctionUrlOptions{AuthType: awslambda.FunctionUrlAuthType_NONE})
	return entry{
		url: awscdk.Fn_Join(jsii.String(""), &[]*string{ // the URL ends in a slash
			url.Url(), jsii.String(path[1:]),
		}),
		broken: f.Metric(jsii.String("Url5xxCount"), sum(5)),
	}
}

// newAPI makes an HTTP API. It can have a domain, and limits how often it is
// called before the function costs anything.
func newAPI(p *parts) entry {
	f := p.functions["interactions"]
	props := &awsapigatewayv2.HttpApiProps{
		Description:        jsii.String("Where Discord calls Entente, stage " + p.cfg.stage),
		CreateDefaultStage: jsii.Bool(false),
	}
	var domain awsapigatewayv2.DomainName
	if p.cfg.domain != "" {
		domain = awsapigatewayv2.NewDomainName(p.stack, jsii.String("Domain"), &awsapigatewayv2.DomainNameProps{
			DomainName:     &p.cfg.domain,
			Certificate:    awscertificatemanager.Certificate_FromCertificateArn(p.stack, jsii.String("Certificate"), &p.cfg.certificate),
			SecurityPolicy: awsapigatewayv2.SecurityPolicy_TLS_1_2,
		})
		props.DisableExecuteApiEndpoint = jsii.Bool(true)
	}
	api := awsapigatewayv2.NewHttpApi(p.stack, jsii.String("Api"), props)
	api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
		Path:        jsii.String(path),
		Methods:     &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod_POST},
		Integration: awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Interactions"), f.Function, nil),
	})
	stage := &awsapigatewayv2.HttpStageProps{
		HttpApi:    api,
		AutoDeploy: jsii.Bool(true),
		// Far more than Discord sends to a bot of one token, and an end to a flood.
		Throttle: &awsapigatewayv2.ThrottleSettings{RateLimit: jsii.Number(500), BurstLimit: jsii.Number(1000)},
	}
	if domain != nil {
		stage.DomainMapping = &awsapigatewayv2.DomainMappingOptions{DomainName: domain}
	}
	made := awsapigatewayv2.NewHttpStage(p.stack, jsii.String("ApiStage"), stage)
	e := entry{broken: api.MetricServerError(sum(5)), log: p.logCalls(made)}
	if domain == nil {
		e.url = awscdk.Fn_Join(jsii.String(""), &[]*string{made.Url(), jsii.String(path[1:])})
		return e
	}
	e.url, e.target = jsii.String("https://"+p.cfg.domain+path), domain.RegionalDomainName()
	return e
}

// logCalls has the HTTP API write down who called it, when, and what came of it.
// What was sent is not in it.
func (p *parts) logCalls(stage awsapigatewayv2.HttpStage) awslogs.LogGroup {
	log := awslogs.NewLogGroup(p.stack, jsii.String("ApiLog"), &awslogs.LogGroupProps{
		Retention: awslogs.RetentionDays_ONE_MONTH, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	stage.Node().DefaultChild().(awsapigatewayv2.CfnStage).SetAccessLogSettings(&awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
		DestinationArn: log.LogGroupArn(),
		Format: jsii.String(`{"requestId":"$context.requestId","time":"$context.requestTime","ip":"$context.identity.sourceIp",` +
			`"method":"$context.httpMethod","path":"$context.path","status":"$context.status","ms":"$context.responseLatency"}`),
	})
	return log
}
