package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// get reads what AWS answers to a GET, of Lambda and of EventBridge Scheduler. The
// clients of both would be some hundred thousand lines, for three requests.
func (p patient) get(ctx context.Context, service, path string, into any) error {
	base := aws.ToString(p.aws.BaseEndpoint)
	if base == "" {
		base = "https://" + service + "." + p.region() + "." + domain(p.partition())
	}
	rq, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return err
	}
	keys, err := p.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	nothing := sha256.Sum256(nil)
	if err := v4.NewSigner().SignHTTP(ctx, keys, rq, hex.EncodeToString(nothing[:]), service, p.region(), time.Now()); err != nil {
		return err
	}
	rs, err := http.DefaultClient.Do(rq)
	if err != nil {
		return err
	}
	defer rs.Body.Close()
	if rs.StatusCode == http.StatusNotFound {
		return errGone
	}
	if rs.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d (%s)", rs.StatusCode, rs.Header.Get("X-Amzn-Errortype"))
	}
	return json.NewDecoder(rs.Body).Decode(into)
}

// domain is where AWS's endpoints are.
func domain(partition string) string {
	if partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}
