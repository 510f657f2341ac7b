//! Which file of a crate uses which, from its paths.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    UseTree,
    visit::{self, Visit},
};

use crate::sources::{Source, crates_folder, sources};

/// A module's path within its crate: empty for the root.
pub(crate) type Module = Vec<String>;

/// For each module with a file of its own, the modules whose items it uses.
pub(crate) fn uses(name: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let files: BTreeMap<Module, Source> =
        sources(name).into_iter().map(|source| (module(name, &source), source)).collect();
    let paths: BTreeMap<Module, Paths> = files
        .iter()
        .map(|(module, source)| {
            let mut paths = Paths { module: module.clone(), ..Paths::default() };
            paths.visit_file(&source.file);
            (module.clone(), paths)
        })
        .collect();
    paths
        .iter()
        .map(|(module, own)| {
            let used = own.used.iter().filter_map(|path| defined_in(path, &paths, 0));
            (module.clone(), used.filter(|used| used != module).collect())
        })
        .collect()
}

fn module(name: &str, source: &Source) -> Module {
    let folder = crates_folder().join(name).join("src");
    let path = source.path.strip_prefix(folder).unwrap().with_extension("");
    let mut module: Module = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        module.pop();
    }
    module
}

/// The module that defines what an absolute path names, through re-exports.
fn defined_in(path: &[String], files: &BTreeMap<Module, Paths>, depth: usize) -> Option<Module> {
    let known = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
    let module = &path[..known];
    let exported = path.get(known).and_then(|item| files[module].named.get(item));
    match exported {
        Some(target) if depth < 8 => defined_in(target, files, depth + 1).or(Some(module.to_vec())),
        _ => Some(module.to_vec()),
    }
}

/// The paths of one file, made absolute within the crate.
#[derive(Default)]
struct Paths {
    module: Module,
    used: BTreeSet<Vec<String>>,
    /// What its `use` items bring into it.
    named: BTreeMap<String, Vec<String>>,
}

impl Paths {
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let mut base = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return None,
        };
        let mut rest = path;
        if rest[0] != "super" {
            rest = &rest[1..];
        }
        while rest.first().is_some_and(|part| part == "super") {
            base.pop();
            rest = &rest[1..];
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn take_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.take_tree(&path.tree, &with(path.ident.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take_tree(tree, before)),
            UseTree::Name(name) if name.ident == "self" => {
                self.take_use(before.to_vec(), before.last().cloned().unwrap_or_default());
            }
            UseTree::Name(name) => self.take_use(with(name.ident.to_string()), name.ident.to_string()),
            UseTree::Rename(name) => self.take_use(with(name.ident.to_string()), name.rename.to_string()),
            UseTree::Glob(_) => _ = self.absolute(before).map(|path| self.used.insert(path)),
        }
    }

    fn take_use(&mut self, path: Vec<String>, name: String) {
        // `use child::Item` in the module that declares `child` is a path of its own.
        let absolute = self.absolute(&path).unwrap_or_else(|| [self.module.clone(), path].concat());
        self.named.insert(name, absolute.clone());
        self.used.insert(absolute);
    }

    fn take_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.take_tokens(group.stream()),
                TokenTree::Ident(first) if first == "crate" || first == "super" => {
                    let mut path = vec![first.to_string()];
                    while let [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(next), ..] =
                        &tokens[at + 1..]
                        && a.as_char() == ':'
                        && b.as_char() == ':'
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    self.used.extend(self.absolute(&path));
                }
                _ => {}
            }
            at += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // A re-export gives a name to others; the file itself uses nothing by it.
        let used = (!matches!(item.vis, syn::Visibility::Inherited)).then(|| self.used.clone());
        self.take_tree(&item.tree, &[]);
        if let Some(used) = used {
            self.used = used;
        }
    }

    // `pub(super)` names a module without using it.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.used.extend(self.absolute(&parts));
        // `child::item` through a module that was imported or declared.
        if parts.len() > 1
            && let Some(target) = self.named.get(&parts[0])
        {
            self.used.insert([target.clone(), parts[1..].to_vec()].concat());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.take_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}
