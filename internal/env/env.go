// Package env names the environment variables of Entente's programs and reads
// them. Names are part of the contract with operators: see docs/deploy.md.
package env

// The variables.
const (
	PublicKey     = "DISCORD_PUBLIC_KEY"
	ApplicationID = "DISCORD_APPLICATION_ID"
	Token         = "DISCORD_TOKEN"
	TokenSecret   = "DISCORD_TOKEN_SECRET"
	DiscordURL    = "DISCORD_API_URL"
	RecordsTable  = "ENTENTE_RECORDS_TABLE"
	ActionsTable  = "ENTENTE_ACTIONS_TABLE"
	QueueURL      = "ENTENTE_ACTION_QUEUE_URL"
	DynamoURL     = "AWS_ENDPOINT_URL_DYNAMODB"
	LogLevel      = "ENTENTE_LOG_LEVEL"
)

// DefaultDiscordURL is what [DiscordURL] means when it is not set.
const DefaultDiscordURL = "https://discord.com/api/v10"
