"""The drawing that papers and lectures use: tensors as blocks in sequence, kernels between them, branches in rows."""
