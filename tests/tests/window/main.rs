//! Journeys through the real window, each on an empty home of its own.

mod accessibility;
mod archives;
mod changes;
mod compute;
mod configs;
mod crashes;
mod deleting;
mod doctor;
mod evaluation;
mod example;
mod exports;
mod first_day;
mod hub;
mod importing;
mod keyboard;
mod opening;
mod prompts;
mod runs;
mod selection;
mod serving;
mod snapshots;
mod training;
mod weights;
