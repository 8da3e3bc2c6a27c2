"""PostgreSQL through asyncpg; the only package that imports asyncpg."""
