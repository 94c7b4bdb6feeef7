#include "go_asm.h"
#include "textflag.h"

// func prefetchWords(filter *uint64, words uint64, keys *[keyedRules]uint64)
TEXT ·prefetchWords(SB), NOSPLIT, $0-24
	MOVQ filter+0(FP), DI
	MOVQ words+8(FP), SI
	MOVQ keys+16(FP), BX
	MOVQ $const_filterMix, R8
	MOVQ $const_keyedRules, CX

next:
	MOVQ (BX), AX
	IMULQ R8, AX
	MULQ SI // the upper half goes to DX
	PREFETCHT0 (DI)(DX*8)
	ADDQ $8, BX
	DECQ CX
	JNZ  next
	RET
