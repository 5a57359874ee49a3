//! What a disk and other processes can do to a desk.
