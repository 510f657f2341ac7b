/// The byte-order mark of UTF-8, with which some editors and spreadsheets begin a text.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
