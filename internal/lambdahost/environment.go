package lambdahost

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxEnv is how long a function's own variables may be together, in bytes.
const maxEnv = 4 << 10

// environment returns what a process of the function finds in its environment,
// but for the address of its Runtime API. It fails on what Lambda refuses.
func environment(cfg Config) ([]string, error) {
	env := provided(cfg)
	size := 0
	for name, value := range cfg.Env {
		if _, ok := env[name]; ok || strings.HasPrefix(name, "AWS_LAMBDA_") {
			return nil, fmt.Errorf("the variable %s is reserved by Lambda", name)
		}
		size += len(name) + len(value)
		env[name] = value
	}
	if size > maxEnv {
		return nil, fmt.Errorf("the variables take %d bytes, and Lambda allows %d", size, maxEnv)
	}
	var list []string
	for name, value := range env {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list, nil
}

// provided is what Lambda itself puts into a function's environment. The
// credentials are fake: no AWS accepts them.
func provided(cfg Config) map[string]string {
	return map[string]string{
		"_HANDLER":                        "bootstrap",
		"AWS_ACCESS_KEY_ID":               "AKIDLAMBDAHOST",
		"AWS_DEFAULT_REGION":              Region,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(cfg.Memory),
		"AWS_LAMBDA_FUNCTION_NAME":        cfg.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + cfg.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "lambdahost",
		"AWS_REGION":                      Region,
		"AWS_SECRET_ACCESS_KEY":           "fake",
		"AWS_SESSION_TOKEN":               "fake",
		"LAMBDA_TASK_ROOT":                filepath.Dir(cfg.Bootstrap),
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin",
		"TZ":                              ":UTC",
	}
}

// arn names the function.
func (cfg Config) arn() string {
	return "arn:aws:lambda:" + Region + ":" + Account + ":function:" + cfg.Name
}
