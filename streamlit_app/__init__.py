"""The screens. They read through bc_lib and decide nothing."""
