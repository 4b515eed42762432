import type { Lens } from '../lens.ts';

/** Milliseconds that a megabyte takes in one thread that has just started, by what reads it; measured over fourteen public repositories. */
const BY_GRAMMAR = 150;
const BY_HAND = 40;
const BY_WORDS = 3;

const MILLISECONDS: Readonly<Partial<Record<Lens, number>>> = {
  text: BY_WORDS, lockfile: BY_WORDS, workflow: BY_WORDS, pipeline: BY_WORDS,
  typescript: BY_HAND, tsx: BY_HAND, javascript: BY_HAND, vue: BY_HAND, css: BY_HAND, kotlin: BY_HAND, scala: BY_HAND, proto: BY_HAND, graphql: BY_HAND,
};

/** About how many milliseconds one thread takes to find out what so many bytes say. */
export const effortOf = (lens: Lens, bytes: number): number => ((MILLISECONDS[lens] ?? BY_GRAMMAR) * bytes) / 1_000_000;
