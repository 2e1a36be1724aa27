package assembly_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/fakediscord"
)

// waiting has somebody apply for a server of their own, and returns the card.
func (s *stage) waiting(server string) fakediscord.Message {
	s.Helper()
	user := s.AddUser("Somebody of " + server)
	s.AddMember(s.Guild, user)
	_, invite := s.AddPartner(server, 500)
	form := s.Form()
	form["invite"] = "https://discord.gg/" + invite
	_, err := s.Apply(s.Context(), user, form)
	s.must(err)
	s.pump()
	cards := s.Messages(s.Review)
	return cards[len(cards)-1]
}

// redrives takes the worker its rights until all that an approval caused lies
// among the dead letters. With the rights back, redrive has it done.
func (s *stage) redrives() {
	card := s.waiting("Quayside")
	s.Revoke("worker", true)
	s.press(card, "Approve")
	s.exhaust()
	if got := s.listings("Quayside"); len(got) != 0 {
		s.Fatalf("without rights, it listed %+v", got)
	}
	s.Revoke("worker", false)
	moved, err := s.SQS.Redrive(s.Dead)
	s.must(err)
	s.pump()
	s.left(s.Dead, 0)
	if got := s.listings("Quayside"); len(got) != 1 {
		s.Fatalf("%d listings after redrive of %d messages, want 1", len(got), moved)
	}
}

// dies kills the worker when Discord has posted a listing, and before it knows.
// Its pointers are lost too. When its leases have ended, the scheduler finds the
// actions, and there is one listing.
func (s *stage) dies() {
	card := s.waiting("Breakwater")
	s.dealer.killAt(s.Functions["worker"], "POST", "/channels/"+s.Showcase+"/messages")
	s.press(card, "Approve")
	s.pump()
	if !s.dealer.killed() {
		s.Fatal("nothing was killed at its work")
	}
	s.must(s.SQS.Purge(s.Mapping.Queue))
	if got := s.listings("Breakwater"); len(got) != 1 {
		s.Fatalf("%d listings when it was killed, want 1", len(got))
	}
	s.must(s.Age(s.Context(), 2*time.Minute))
	s.minute("scheduler")
	if got := s.listings("Breakwater"); len(got) != 1 {
		s.Errorf("%d listings in the end, want 1", len(got))
	}
	s.must(s.Age(s.Context(), time.Minute))
	s.minute("scheduler")
	if got := s.listings("Breakwater"); len(got) != 1 {
		s.Errorf("%d listings a minute later, want 1", len(got))
	}
}

// expires wants both tables to expire items by the attribute that the functions
// write: DynamoDB takes any name, and deletes nothing.
func (s *stage) expires() {
	var by []string
	for _, variable := range []string{env.RecordsTable, env.ActionsTable} {
		table := s.Env["worker"][variable]
		out, err := s.Tables.DescribeTimeToLive(s.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &table})
		s.must(err)
		if out.TimeToLiveDescription.AttributeName == nil {
			s.Fatalf("items of %s never expire", table)
		}
		by = append(by, *out.TimeToLiveDescription.AttributeName)
	}
	if by[0] != by[1] {
		s.Errorf("the tables expire items by %q", by)
	}
	table := s.Env["worker"][env.ActionsTable]
	page, err := s.Tables.Scan(s.Context(), &dynamodb.ScanInput{TableName: &table})
	s.must(err)
	for _, item := range page.Items {
		if _, ok := item[by[1]].(*types.AttributeValueMemberN); ok {
			return
		}
	}
	s.Errorf("no item of %s has %s, a number, by which it would expire", table, by[1])
}
