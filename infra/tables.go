package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"
)

// tables are where everything is kept.
type tables struct {
	records awsdynamodb.ITable // what must last
	actions awsdynamodb.ITable // work to do: disposable
}

// newTables makes both tables. Records outlives the stack; what was restored from
// a point in time takes its place, if the context names it.
func newTables(p *parts) tables {
	records := p.tableProps()
	records.RemovalPolicy = awscdk.RemovalPolicy_RETAIN
	records.DeletionProtection = jsii.Bool(true)
	records.PointInTimeRecoverySpecification = &awsdynamodb.PointInTimeRecoverySpecification{
		PointInTimeRecoveryEnabled: jsii.Bool(true), RecoveryPeriodInDays: jsii.Number(35), // as long as AWS keeps it
	}
	actions := p.tableProps()
	actions.RemovalPolicy = awscdk.RemovalPolicy_DESTROY

	t := tables{actions: awsdynamodb.NewTable(p.stack, jsii.String("Actions"), actions)}
	if p.cfg.recordsTable != "" {
		t.records = awsdynamodb.Table_FromTableName(p.stack, jsii.String("Restored"), &p.cfg.recordsTable)
	} else {
		t.records = awsdynamodb.NewTable(p.stack, jsii.String("Records"), records)
	}
	return t
}

// tableProps is what both tables have in common. Their maximum guards the bill: a
// flood is refused, and retried, instead of paid for.
func (p *parts) tableProps() *awsdynamodb.TableProps {
	attribute := func(name string) *awsdynamodb.Attribute {
		return &awsdynamodb.Attribute{Name: &name, Type: awsdynamodb.AttributeType_STRING}
	}
	return &awsdynamodb.TableProps{
		PartitionKey:         attribute("pk"),
		SortKey:              attribute("sk"),
		TimeToLiveAttribute:  jsii.String("expires"),
		BillingMode:          awsdynamodb.BillingMode_PAY_PER_REQUEST,
		MaxReadRequestUnits:  number(p.cfg.maxReads),
		MaxWriteRequestUnits: number(p.cfg.maxWrites),
		Encryption:           awsdynamodb.TableEncryption_AWS_MANAGED,
	}
}
