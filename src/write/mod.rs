//! Stage 8: records → bytes. Computes nothing.
