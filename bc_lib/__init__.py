"""Business Continuity: a disaster-recovery control plane for replicated databases."""

__version__ = "0.1.0"
