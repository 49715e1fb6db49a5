"""Is it about filming in orbit, and about which project?"""

from pipelines.topic.judge import Judge, assess, may_be_relevant

__all__ = ["Judge", "assess", "may_be_relevant"]
