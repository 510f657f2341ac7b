//! Journeys through the real window, each on an empty home of its own.

mod first_day;
