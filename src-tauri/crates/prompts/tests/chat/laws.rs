//! What holds for every conversation.

use prompts::chat::{ChatTemplate, Conversation, End, TrainOn};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::conversations::{CHATML, conversation, template};

/// Texts with what could be taken for a mark, a token or a template.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z \\n<|>{}%\"'\\\\]{0,8}",
        Just("\u{f0000}".to_owned()),
        Just("\u{f0001}\u{f0002}".to_owned()),
        Just("<|im_end|>\n".to_owned()),
        Just("<|im_start|>assistant\n".to_owned()),
        Just("</think>".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn messages() -> impl Strategy<Value = Conversation> {
    let message = |role: &'static str| text().prop_map(move |text| json!({"role": role, "content": text}));
    let turn = (message("user"), message("assistant")).prop_map(|(user, assistant)| [user, assistant]);
    (prop::option::of(message("system")), prop::collection::vec(turn, 1..5)).prop_map(|(system, turns)| {
        let messages: Vec<Json> = system.into_iter().chain(turns.into_iter().flatten()).collect();
        conversation(&json!(messages))
    })
}

const THINKING: &str = "{% for m in messages %}{% set text = m.content %}{% if not loop.last and '</think>' in text %}\
    {% set text = text.split('</think>')[-1].lstrip('\\n') %}{% endif %}<|im_start|>{{ m.role }}\n{{ text | trim }}<|im_end|>\n\
    {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

fn check(template: &ChatTemplate, conversation: &Conversation) {
    let plain = template.render(conversation, End::Whole).unwrap();
    let length = plain.chars().count();
    for on in [TrainOn::LastTurn, TrainOn::AssistantTurns, TrainOn::Everything] {
        let Ok(rendered) = template.render_training(conversation, on) else { continue };
        assert_eq!(rendered.text, plain);
        assert!(!rendered.loss.is_empty());
        let without_turns = template.render_loss(conversation, on).unwrap();
        assert_eq!((&without_turns.text, &without_turns.loss), (&rendered.text, &rendered.loss));
        let mut from = 0;
        for (start, end) in &rendered.loss {
            assert!(from <= *start && start < end && *end <= length, "{:?}", rendered.loss);
            from = *end;
        }
        let mut from = 0;
        for turn in &rendered.turns {
            assert!(
                from == turn.start && turn.start <= turn.end && turn.end <= length,
                "{:?}",
                rendered.turns
            );
            from = turn.end;
        }
        assert!(rendered.turns.is_empty() || from == length);
    }
}

proptest! {
    #[test]
    fn spans_are_ascending_and_within_the_plain_rendering(conversation in messages()) {
        for text in [CHATML, THINKING] {
            check(&template(text), &conversation);
        }
    }

    #[test]
    fn every_answer_is_learned_whole(conversation in messages()) {
        let rendered = template(CHATML).render_training(&conversation, TrainOn::AssistantTurns).unwrap();
        let points: Vec<char> = rendered.text.chars().collect();
        let learned: Vec<String> =
            rendered.loss.iter().map(|(start, end)| points[*start..*end].iter().collect()).collect();
        let answers: Vec<String> = conversation.messages.iter()
            .filter(|message| message["role"].as_str() == Some("assistant"))
            .map(|message| format!("{}<|im_end|>", message["content"].as_str().unwrap()))
            .collect();
        prop_assert_eq!(learned, answers);
    }

    #[test]
    fn no_template_stops_the_program(text in "(\\{[%{#]-?|-?[%}#]\\}|[a-z]+| |\n|if|for|in|set|=|macro|end|\\(|\\)|\\[|\\]|\\{|\\}|,|\\||\\*|'|\"|[0-9]|messages|generation){0,40}") {
        if let Ok(template) = ChatTemplate::parse(&crate::conversations::source(&text)) {
            _ = template.render_training(&crate::conversations::greeting(), TrainOn::AssistantTurns);
        }
    }
}
