//! What passes between Lua and Go guests.
