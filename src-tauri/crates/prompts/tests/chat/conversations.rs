//! Templates and conversations to test with, and what is said of a conversation beside its text.

use std::collections::BTreeMap;

use prompts::{
    Object, Value,
    chat::{BUNDLED, ChatTemplate, Conversation, End, RenderError, TemplateError, TemplateSource},
};
use serde_json::{Value as Json, json};

/// Turns between tokens, as most models of today have them.
pub(crate) const CHATML: &str = "{%- for message in messages -%}
    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<|im_start|>assistant\\n' -}}
{%- endif -%}";

pub(crate) fn source(text: &str) -> TemplateSource {
    let tokens =
        [("bos_token", "<s>"), ("eos_token", "</s>"), ("pad_token", "<pad>"), ("unk_token", "<unk>")];
    TemplateSource {
        text: text.to_owned(),
        name: "model".to_owned(),
        special_tokens: tokens.map(|(name, token)| (name.to_owned(), token.to_owned())).into(),
        now: "2026-11-28T13:50:00".to_owned(),
    }
}

pub(crate) fn template(text: &str) -> ChatTemplate {
    ChatTemplate::parse(&source(text)).unwrap()
}

pub(crate) fn object(json: &Json) -> Object {
    Value::from(json.clone()).as_object().unwrap().clone()
}

pub(crate) fn conversation(messages: &Json) -> Conversation {
    let messages = messages.as_array().unwrap().iter().map(object).collect();
    Conversation { messages, ..Conversation::default() }
}

pub(crate) fn greeting() -> Conversation {
    conversation(&json!([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}]))
}

#[test]
fn a_message_loses_its_nulls_and_has_its_reasoning_under_each_name() {
    let keys = template("{% for m in messages %}{{ m.keys() | list }}{{ m.thinking }}{% endfor %}");
    let messages = json!([{"role": "assistant", "content": null, "reasoning": "r", "tool_calls": null}]);
    let text = keys.render(&conversation(&messages), End::Whole).unwrap();
    assert_eq!(text, "['thinking', 'role', 'reasoning', 'reasoning_content']r");
}

#[test]
fn arguments_win_over_special_tokens_but_not_over_the_conversation() {
    let mut greeting = greeting();
    greeting.arguments = object(&json!({"bos_token": "[B]", "enable_thinking": false}));
    let text = template("{{ bos_token }}{{ eos_token }}{{ enable_thinking }}").render(&greeting, End::Whole);
    assert_eq!(text.unwrap(), "[B]</s>False");
    greeting.arguments = object(&json!({"messages": []}));
    assert!(matches!(template("x").render(&greeting, End::Whole), Err(RenderError::Failed(_))));
}

#[test]
fn a_text_can_end_within_the_last_message() {
    let open = |text: &str, content: Json| {
        let messages = json!([{"role": "user", "content": "hi"}, {"role": "assistant", "content": content}]);
        template(text).render(&conversation(&messages), End::ContinueFinal)
    };
    let begun = "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n";
    assert_eq!(open(CHATML, json!("I am ")).unwrap(), format!("{begun}I am "));
    let trimming = CHATML.replace("message.content", "message.content | trim");
    assert_eq!(open(&trimming, json!("I am ")).unwrap(), format!("{begun}I am"));
    let parts = "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}\
                 {{ p.text }};{% endfor %}{% endif %}{% endfor %}";
    assert_eq!(open(parts, json!([{"text": "a"}, {"text": "b"}])).unwrap(), "hia;b");
    assert!(matches!(open(CHATML, json!(null)), Err(RenderError::Nothing(_))));
    assert!(matches!(open("{{ messages[0].content }}", json!("x")), Err(RenderError::Failed(_))));
}

#[test]
fn a_refusal_of_the_template_is_distinguished_from_what_this_program_lacks() {
    let error = |text: &str| template(text).render(&greeting(), End::Whole).unwrap_err();
    assert_eq!(
        error("{{ raise_exception('Only one turn.') }}"),
        RenderError::Refused("Only one turn.".into())
    );
    assert!(matches!(error("{{ messages.x.y }}"), RenderError::Failed(_)));
    assert!(matches!(error("{{ 'x' | xmlattr }}"), RenderError::Unsupported(_)));
    assert!(matches!(error("{{ 'x'.encode() }}"), RenderError::Unsupported(_)));
    let lacking = ["{{ messages[0].items }}", "{{ 'a' | safe + '<' }}", "{% block a %}{% endblock %}"];
    for text in lacking {
        let refused = ChatTemplate::parse(&source(text));
        assert!(matches!(refused, Err(TemplateError::Unsupported { line: 1, .. })), "{text}");
    }
    let tiny = conversation(&json!([{"role": "user", "content": 1e-7}]));
    let written = |text: &str| template(text).render(&tiny, End::Whole);
    assert_eq!(
        written("{{ messages[0].content }}{{ messages | tojson }}").unwrap(),
        "1e-07[{\"role\": \"user\", \"content\": 1e-07}]"
    );
    assert!(matches!(written("{{ messages[0].content ~ '' }}"), Err(RenderError::Unsupported(_))));
    let nothing = template("x").render(&Conversation::default(), End::Whole).unwrap_err();
    assert!(matches!(nothing, RenderError::Nothing(_)));
}

#[test]
fn bundled_templates_end_answers_with_the_token_that_the_tokenizer_has() {
    let messages = json!([
        {"role": "system", "content": "Be kind."}, {"role": "user", "content": [{"type": "text", "text": " hi"}]},
        {"role": "assistant", "content": "yo"},
    ]);
    let texts = BUNDLED.iter().map(|bundled| {
        let template = template(bundled.text);
        let whole = template.render(&conversation(&messages), End::Whole).unwrap();
        (bundled.name, whole, template.render(&greeting(), End::GenerationPrompt).unwrap())
    });
    let texts: BTreeMap<_, _> = texts.map(|(name, whole, prompt)| (name, (whole, prompt))).collect();
    assert_eq!(texts["plain"].0, "<s>System: Be kind.\nUser: hi\nAssistant: yo</s>\n");
    assert_eq!(texts["plain"].1, "<s>User: hi\nAssistant: yo</s>\nAssistant:");
    assert_eq!(texts["headings"].0, "<s>### System\nBe kind.\n\n### User\nhi\n\n### Assistant\nyo</s>\n\n");
    let mut without = source(BUNDLED[0].text);
    without.special_tokens.clear();
    let refused = ChatTemplate::parse(&without).unwrap().render(&greeting(), End::Whole);
    assert!(matches!(refused, Err(RenderError::Refused(_))));
}
