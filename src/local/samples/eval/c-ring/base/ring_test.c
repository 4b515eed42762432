#include <assert.h>
#include "ring.h"

int main(void) {
  struct ring ring;
  int value = 0;
  ring_init(&ring);
  assert(ring_push(&ring, 7) == 0);
  assert(ring_pop(&ring, &value) == 0 && value == 7);
  assert(ring_pop(&ring, &value) == -1);
  return 0;
}
