// Renders templates as Ollama does: one JSON object a line in, one a line out.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"text/template"
)

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type request struct {
	Template string    `json:"template"`
	Messages []message `json:"messages"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		system := []string{}
		for _, one := range asked.Messages {
			if one.Role == "system" {
				system = append(system, one.Content)
			}
		}
		values := map[string]any{"Messages": asked.Messages, "System": strings.Join(system, "\n\n")}
		var text strings.Builder
		parsed, err := template.New("").Parse(asked.Template)
		if err == nil {
			err = parsed.Execute(&text, values)
		}
		if err != nil {
			_ = out.Encode(map[string]string{"error": err.Error()})
			continue
		}
		_ = out.Encode(map[string]string{"text": text.String()})
	}
}
