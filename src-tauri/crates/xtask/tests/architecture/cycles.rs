//! No two files of a crate need each other, directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::{algo::tarjan_scc, graph::DiGraph};

use crate::{
    arrows::LAYERS,
    modules::{Module, uses},
};

/// The circles of files of a crate, each as its arrows.
fn cycles(name: &str, uses: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<String>> {
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&Module, _> = uses.keys().map(|module| (module, graph.add_node(module))).collect();
    for (module, used) in uses {
        for other in used {
            graph.add_edge(nodes[module], nodes[other], ());
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    circles
        .map(|files| {
            let within = graph.edge_indices().filter_map(|edge| graph.edge_endpoints(edge));
            within
                .filter(|(from, to)| files.contains(from) && files.contains(to))
                .map(|(from, to)| format!("{name}: {} uses {}", shown(graph[from]), shown(graph[to])))
                .collect()
        })
        .collect()
}

fn shown(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("::") }
}

#[test]
fn no_files_need_each_other() {
    // The types of `resources` name each other as foreign keys, by names that its list exports.
    let found: Vec<_> = LAYERS.into_iter().flat_map(|name| cycles(name, &uses(name))).collect();
    assert!(found.is_empty(), "cycles of files:\n{found:#?}");
}

#[test]
fn a_cycle_is_seen() {
    let module = |name: &str| vec![name.to_owned()];
    let arrows = [("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["b"]), ("d", vec!["a"])];
    let uses = arrows.map(|(from, to)| (module(from), to.into_iter().map(module).collect())).into();
    assert_eq!(cycles("x", &uses), [["x: b uses c", "x: c uses b"]]);
    assert!(super::modules::uses("store").values().map(BTreeSet::len).sum::<usize>() > 50);
}
