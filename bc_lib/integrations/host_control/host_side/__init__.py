"""bc-host: carries out one order for a PostgreSQL server of this host, as the forced command of an SSH key.

    command="/usr/local/sbin/bc-host /etc/bc-host.ini",restrict ssh-ed25519 AAAA...

It says hello, reads one line of JSON, answers with one line. Each order is done once: a line before the effect and one
after it are on disk before anybody goes on; orders of an older epoch or after their deadline are refused (decisions 5,
15). Nothing of an order reaches a shell or a path: it only picks a section of the configuration, which must be root's.
`make bc-host` builds it as one file. Needs Python 3.9 and nothing else; docs/connectors/postgresql.md tells the rest.
"""
