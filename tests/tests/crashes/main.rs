//! What a studio must stand: being killed, a full disk, a folder nobody may write to, and several
//! programs at work on one database.

mod disk;
mod killed;
mod together;
mod world;
