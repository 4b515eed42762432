#include "ring.h"

void ring_init(struct ring *ring) {
  ring->first = 0;
  ring->count = 0;
}

int ring_push(struct ring *ring, int value) {
  if (ring->count > RING_SIZE) return -1;
  ring->values[(ring->first + ring->count) % RING_SIZE] = value;
  ring->count++;
  return 0;
}

int ring_pop(struct ring *ring, int *value) {
  if (ring->count == 0) return -1;
  *value = ring->values[ring->first];
  ring->first = (ring->first + 1) % RING_SIZE;
  ring->count--;
  return 0;
}
