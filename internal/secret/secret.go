// Package secret reads the bot token where a deployment keeps it.
package secret

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/entente-bot/entente/internal/env"
)

// Token returns the bot token: what is set as DISCORD_TOKEN, else the value of
// the secret whose ARN is set as DISCORD_TOKEN_SECRET, read once from AWS.
// Surrounding blanks, as a paste leaves them, are cut off.
func Token(ctx context.Context, token, arn string, cfg aws.Config) (string, error) {
	if token != "" {
		return token, nil
	}
	out, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &arn})
	if err != nil {
		return "", fmt.Errorf("%s: read the secret: %w", env.TokenSecret, err)
	}
	if token = strings.TrimSpace(aws.ToString(out.SecretString)); token == "" {
		return "", errors.New(env.TokenSecret + ": the secret is empty: put the bot token into it")
	}
	return token, nil
}
