//! The lineage of a row as text: what it was made from and what was made from it.

use studio::resources::Described as _;
use studio::store::{Lineage, LineageNode, RowKey};

use crate::output::{Output, print, print_table};

pub(super) fn print_lineage(output: &Output, lineage: &Lineage) {
    if output.json(lineage) {
        return;
    }
    let rows = lineage.nodes.iter().map(|node| {
        let table = node.row.table.table();
        let sources = lineage.edges.iter().filter(|edge| edge.to == node.row);
        let sources: Vec<String> = sources
            .map(|edge| format!("{} ({})", name_of(lineage, &edge.from), edge.role.to_lowercase()))
            .collect();
        vec![table.singular.to_owned(), name(node), node.row.id.clone(), sources.join(", ")]
    });
    print_table(["", "name", "identifier", "comes from"], rows);
    for more in &lineage.more {
        let table = more.table.table();
        let noun = if more.rows == 1 { table.singular } else { table.plural };
        print(&format!("{} more {noun} made from '{}'.", more.rows, name_of(lineage, &more.of)));
    }
}

fn name_of(lineage: &Lineage, key: &RowKey) -> String {
    lineage.nodes.iter().find(|node| node.row == *key).map_or_else(|| key.id.clone(), name)
}

fn name(node: &LineageNode) -> String {
    node.label.clone().unwrap_or_else(|| "(missing)".to_owned())
}
