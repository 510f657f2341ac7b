// How clients ask what is served. The key comes from the variable that OpenAI's clients read.

/** A word for a POSIX shell. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

export function curlExample(url: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] });
  return `export OPENAI_API_KEY=KEY
curl ${url}/chat/completions \\
  -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${quoted(body)}`;
}

export function pythonExample(url: string, model: string): string {
  return `from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(url)}, api_key="KEY")
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "Hello"}],
    stream=True,
)
for chunk in answer:
    print(chunk.choices[0].delta.content or "", end="", flush=True)`;
}
