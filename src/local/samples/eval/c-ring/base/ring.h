#ifndef RING_H
#define RING_H

#define RING_SIZE 4

struct ring {
  int values[RING_SIZE];
  int first;
  int count;
};

void ring_init(struct ring *ring);
/* 0 when the value was taken, -1 when the ring is full. */
int ring_push(struct ring *ring, int value);
/* 0 when there was a value, -1 when the ring is empty. */
int ring_pop(struct ring *ring, int *value);

#endif
