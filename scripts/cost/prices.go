package main

// asOf is when the prices were last held against what is published about them, by
// others than AWS, whose price pages could not be read. Check them before you rely
// on them.
const asOf = "November 2026"

// Prices in us-east-1, in US dollars, without free tiers.
const (
	perRead     = 0.125 / 1e6      // DynamoDB on-demand: read request unit
	perWrite    = 0.625 / 1e6      // DynamoDB on-demand: write request unit
	perMessage  = 0.40 / 1e6       // SQS standard: request
	perInvoke   = 0.20 / 1e6       // Lambda: request
	perGBSecond = 0.0000133334     // Lambda on arm64
	perSchedule = 1.00 / 1e6       // EventBridge Scheduler: invocation
	perAlarm    = 0.10             // CloudWatch: metric of an alarm a month
	perMetric   = 0.30             // CloudWatch: custom metric a month
	perBoard    = 3.00             // CloudWatch: dashboard a month
	perSecret   = 0.40             // Secrets Manager: secret a month
	perKeyCall  = 0.03 / 1e4       // KMS: call; AWS's own key, which encrypts the tables, costs nothing by itself
	perLogByte  = 0.50 / (1 << 30) // CloudWatch Logs: taken in
	memoryGB    = 0.25             // of each function
	minutes     = 730 * 60         // a month has
	alarms      = 28               // metrics of all alarms together: an alarm on a sum pays for each of them
	metrics     = 11               // made of what is logged
	schedules   = 2                // each once a minute
	watchUnits  = 0.5 / 4          // to read half a kilobyte of what is known of a guild's polls, with all others
	logBytes    = 1 << 10          // of an invocation, assumed
	keyCalls    = 7 * minutes / 5  // for each function and table once in 5 minutes: the scheduler has only one table
	emptyPolls  = 15 * minutes     // of the queue by Lambda: 5 pollers, 20 s each, assumed
)
