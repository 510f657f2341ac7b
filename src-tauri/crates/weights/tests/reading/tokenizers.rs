//! Tokenizers that are damaged, or of another form, and chat templates.

use weights::ModelFacts;

use crate::folders::{Content, Files, LLAMA, POINTER, folder};
use Content::{Bytes, Tensors, Text};

/// Files; whether there is a tokenizer and a chat template; a part of the problem; a part of the note.
type Case<'a> = (Files<'a>, (bool, bool), Option<&'a str>, Option<&'a str>);

#[test]
fn tokenizers_and_chat_templates_are_named_for_what_they_are() {
    let fast = ("tokenizer.json", Text("{}"));
    let named = r#"{"chat_template":[{"name":"tool_use","template":"a"},{"name":"rag","template":"b"}]}"#;
    let with_default =
        r#"{"chat_template":[{"name":"default","template":"a"},{"name":"rag","template":"b"}]}"#;
    let cases: &[Case<'_>] = &[
        (&[], (false, false), None, None),
        (&[fast], (true, false), None, None),
        // Chat templates.
        (&[fast, ("tokenizer_config.json", Text(r#"{"chat_template":"x"}"#))], (true, true), None, None),
        (
            &[fast, ("tokenizer_config.json", Text(r#"{"chat_template":""}"#))],
            (true, false),
            None,
            Some("empty, which counts as none"),
        ),
        (
            &[fast, ("tokenizer_config.json", Text(r#"{"chat_template":" \n"}"#))],
            (true, false),
            None,
            Some("empty"),
        ),
        (&[fast, ("tokenizer_config.json", Text(r#"{"chat_template":null}"#))], (true, false), None, None),
        (&[fast, ("chat_template.jinja", Text("{{ x }}"))], (true, true), None, None),
        (&[fast, ("chat_template.jinja", Text(""))], (true, false), None, Some("empty")),
        (&[fast, ("chat_template.json", Text(r#"{"chat_template":"x"}"#))], (true, true), None, None),
        (
            &[fast, ("chat_template.json", Text("{"))],
            (true, false),
            Some("chat_template.json can't be parsed"),
            None,
        ),
        (
            &[fast, ("tokenizer_config.json", Text(named))],
            (true, false),
            None,
            Some("only under names (rag and tool_use)"),
        ),
        (&[fast, ("tokenizer_config.json", Text(with_default))], (true, true), None, None),
        (
            &[fast, ("additional_chat_templates/rag.jinja", Text("x"))],
            (true, false),
            None,
            Some("only under names (rag)"),
        ),
        (&[fast, ("additional_chat_templates/default.jinja", Text("x"))], (true, true), None, None),
        (
            &[fast, ("additional_chat_templates/rag.jinja", Text("x")), ("chat_template.jinja", Text("y"))],
            (true, true),
            None,
            None,
        ),
        // Damage.
        (
            &[fast, ("tokenizer_config.json", Text("{\"a\": tru"))],
            (true, false),
            Some("tokenizer_config.json can't be parsed"),
            None,
        ),
        (
            &[fast, ("tokenizer_config.json", Bytes(b"\xef\xbb\xbf{}"))],
            (true, false),
            Some("byte-order mark"),
            None,
        ),
        (&[("tokenizer.json", Text("{\"version\": "))], (true, false), Some("it ends in the middle"), None),
        (&[("tokenizer.json", Text(""))], (true, false), Some("it is empty"), None),
        (&[("tokenizer.json", Text(POINTER))], (true, false), Some("Git LFS pointer"), None),
        (&[("tokenizer.json", Text("<html>"))], (true, false), Some("web page"), None),
        (
            &[fast, ("special_tokens_map.json", Text("{,}"))],
            (true, false),
            Some("special_tokens_map.json can't be parsed: line 1"),
            None,
        ),
        (&[fast, ("added_tokens.json", Text("no"))], (true, false), Some("added_tokens.json"), None),
        // The slow form alone.
        (
            &[("tokenizer.model", Bytes(b"\n\x0e"))],
            (true, false),
            None,
            Some("only in its slow form (tokenizer.model)"),
        ),
        (&[("vocab.json", Text("{}")), ("merges.txt", Text(""))], (true, false), None, Some("slow form")),
        (&[("tekken.json", Text("{}"))], (true, false), None, Some("slow form (tekken.json)")),
        (&[fast, ("tokenizer.model", Bytes(b"\n\x0e"))], (true, false), None, None),
        (&[("tokenizer.model", Text(POINTER))], (true, false), Some("Git LFS pointer"), Some("slow form")),
    ];
    for (files, (tokenizer, chat_template), problem, note) in cases {
        let folder = folder(files);
        let write = |name: &str, content| crate::folders::write(&folder.path().join(name), content);
        write("config.json", Text(LLAMA));
        write("model.safetensors", Tensors(&[("a", &[1])]));
        let facts = ModelFacts::read(folder.path()).unwrap();
        let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!((facts.tokenizer, facts.chat_template), (*tokenizer, *chat_template), "{names:?}");
        for (reported, expected) in [(&facts.problems, problem), (&facts.notes, note)] {
            match expected {
                Some(part) => {
                    assert!(reported.len() == 1 && reported[0].contains(part), "{names:?}: {reported:?}")
                }
                None => assert!(reported.is_empty(), "{names:?}: {reported:?}"),
            }
        }
    }
}
