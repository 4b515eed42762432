#include <assert.h>
#include "ring.h"

int main(void) {
  struct ring ring;
  int value = 0;
  ring_init(&ring);
  for (int i = 0; i < RING_SIZE; i++) assert(ring_push(&ring, i) == 0);
  assert(ring_push(&ring, 99) == -1);
  for (int i = 0; i < RING_SIZE; i++) assert(ring_pop(&ring, &value) == 0 && value == i);
  assert(ring_push(&ring, 5) == 0);
  return 0;
}
