//! Listings of files: `find`, `ls -R`, `tree`.
