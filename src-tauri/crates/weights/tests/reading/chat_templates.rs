//! The chat template that a conversation is rendered with, and its special tokens.

use crate::folders::{Content::Text, Files, folder};

/// Files; the template with tools, and without; the names they are found under.
type Case<'a> = (Files<'a>, [Option<(&'a str, &'a str)>; 2]);

#[test]
fn templates_are_found_where_transformers_finds_them() {
    let list = r#"{"chat_template":[{"name":"default","template":"d"},{"name":"tool_use","template":"t"}]}"#;
    let settings = ("tokenizer_config.json", Text(r#"{"chat_template":"s"}"#));
    let of_settings = Some(("s", "tokenizer_config.json"));
    let file = ("chat_template.jinja", Text("f"));
    let of_file = Some(("f", "chat_template.jinja"));
    let named = ("additional_chat_templates/tool_use.jinja", Text("n"));
    let of_named = Some(("n", "additional_chat_templates/tool_use.jinja"));
    let cases: &[Case<'_>] = &[
        (&[], [None, None]),
        (&[("tokenizer_config.json", Text(r#"{"chat_template":null}"#))], [None, None]),
        (&[("tokenizer_config.json", Text(r#"{"chat_template":" \n"}"#))], [None, None]),
        (&[settings], [of_settings, of_settings]),
        (&[settings, file], [of_file, of_file]),
        (&[settings, file, named], [of_named, of_file]),
        (
            &[("tokenizer_config.json", Text(list))],
            [Some(("t", "tokenizer_config.json (tool_use)")), Some(("d", "tokenizer_config.json (default)"))],
        ),
        (&[("tokenizer_config.json", Text(list)), file], [of_file, of_file]),
        (
            &[("chat_template.json", Text(r#"{"chat_template":"p"}"#))],
            [Some(("p", "chat_template.json")), Some(("p", "chat_template.json"))],
        ),
    ];
    for (files, expected) in cases {
        let folder = folder(files);
        for (with_tools, expected) in [true, false].into_iter().zip(expected) {
            let found = weights::chat_template(folder.path(), with_tools).unwrap();
            let found = found.as_ref().map(|found| (found.text.as_str(), found.name.as_str()));
            let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
            assert_eq!(found, *expected, "{names:?} with tools: {with_tools}");
        }
    }
}

#[test]
fn a_folder_without_a_default_is_refused() {
    let folder = folder(&[
        ("tokenizer_config.json", Text(r#"{"chat_template":"s"}"#)),
        ("additional_chat_templates/rag.jinja", Text("r")),
    ]);
    let error = weights::chat_template(folder.path(), true).unwrap_err();
    assert!(error.message.ends_with("only under names (rag), and none is the default."), "{}", error.message);
}

#[test]
fn special_tokens_are_texts_or_objects() {
    let settings =
        r#"{"bos_token":{"content":"<s>","lstrip":false},"eos_token":"</s>","pad_token":null,"x":"y"}"#;
    let with_added = settings.replace("\"x\"", "\"added_tokens_decoder\":{},\"x\"");
    let map = ("special_tokens_map.json", Text(r#"{"eos_token":"<end>","unk_token":{"content":"<unk>"}}"#));
    let cases: [(Files<'_>, &[(&str, &str)]); 3] = [
        (&[("tokenizer_config.json", Text(settings))], &[("bos_token", "<s>"), ("eos_token", "</s>")]),
        (
            &[("tokenizer_config.json", Text(settings)), map],
            &[("bos_token", "<s>"), ("eos_token", "<end>"), ("unk_token", "<unk>")],
        ),
        (
            &[("tokenizer_config.json", Text(&with_added)), map],
            &[("bos_token", "<s>"), ("eos_token", "</s>")],
        ),
    ];
    for (files, expected) in cases {
        let tokens = weights::special_tokens(folder(files).path()).unwrap();
        let tokens: Vec<_> = tokens.iter().map(|(name, token)| (name.as_str(), token.as_str())).collect();
        assert_eq!(tokens, expected);
    }
}
