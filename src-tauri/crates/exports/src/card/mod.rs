//! The card of what is published: the README of its repository, which the Hub reads the first lines of.
//! It is made of typed facts, shown, and may be changed before anything is sent.

mod dataset;
mod front;
mod gather;
mod markdown;
mod metrics;
mod model;

pub(crate) use gather::{Cards, hub_name};
pub(crate) use model::Relation;
