#include "go_asm.h"
#include "textflag.h"

// SLOTS_WITH_HASH sets the bits of R8 for the slots of the line at AX whose hash is
// that in Y0: the upper halves of slots count.
#define SLOTS_WITH_HASH \
	VPCMPEQD  (AX), Y0, Y1   \
	VPCMPEQD  32(AX), Y0, Y2 \
	VMOVMSKPS Y1, R8         \
	VMOVMSKPS Y2, R9         \
	SHLL      $8, R9         \
	ORL       R9, R8         \
	ANDL      $0xAAAA, R8

// func findGroup(lines *indexLine, homes, slot uint64, now, next *lookGroup, found *ref, n int) (left uint64)
//
// Y4 holds ones. Who is not in the first line, which is full, is sought in those
// behind it when all others are done and the second one is there.
TEXT ·findGroup(SB), NOSPLIT, $0-64
	MOVQ     lines+0(FP), SI
	MOVQ     homes+8(FP), R10
	MOVQ     slot+16(FP), CX
	MOVQ     now+24(FP), BX
	MOVQ     next+32(FP), R15
	MOVQ     found+40(FP), DI
	MOVQ     n+48(FP), R12
	XORL     R11, R11          // look-ups that go on behind their first line
	XORL     R13, R13          // the look-up
	VPCMPEQD Y4, Y4, Y4

first:
	// The line of home, as index.home finds it.
	MOVQ       lookGroup_hash(R15)(R13*8), AX
	MOVQ       AX, R8
	SHLQ       $(64-const_exactBits), AX
	MULQ       R10                            // the upper half goes to DX
	SHRQ       CX, R8
	LEAQ       (DX)(R8*const_tailLines), DX
	SHLQ       $6, DX
	MOVQ       DX, lookGroup_line(R15)(R13*8)
	PREFETCHT0 (SI)(DX*1)

	MOVQ         lookGroup_line(BX)(R13*8), AX
	ADDQ         SI, AX
	VPBROADCASTD lookGroup_hash(BX)(R13*8), Y0
	VPXOR        Y4, Y0, Y0
	SLOTS_WITH_HASH
	JZ           absent
	BSFL         R8, R8
	MOVL         -4(AX)(R8*4), R9
	NOTL         R9
	MOVL         R9, (DI)(R13*4)
	INCQ         R13
	CMPQ         R13, R12
	JB           first
	JMP          rest

absent:
	MOVL       $-1, (DI)(R13*4)
	CMPQ       56(AX), $0
	JEQ        nobody
	PREFETCHT0 64(AX)
	BTSQ       R13, R11

nobody:
	INCQ R13
	CMPQ R13, R12
	JB   first

rest:
	XORL R10, R10 // left

next:
	BSFQ         R11, R13
	JZ           done
	BTRQ         R13, R11
	MOVQ         lookGroup_line(BX)(R13*8), AX
	ADDQ         SI, AX
	VPBROADCASTD lookGroup_hash(BX)(R13*8), Y0
	VPXOR        Y4, Y0, Y0
	MOVL         $3, DX                       // lines to look at: fewer than tailLines

line:
	ADDQ      $64, AX
	SLOTS_WITH_HASH
	JNZ       there
	CMPQ      56(AX), $0
	JEQ       next
	DECL      DX
	JNZ       line
	BTSQ      R13, R10
	JMP       next

there:
	BSFL R8, R8
	MOVL -4(AX)(R8*4), R9
	NOTL R9
	MOVL R9, (DI)(R13*4)
	JMP  next

done:
	VZEROUPPER
	MOVQ R10, left+56(FP)
	RET

// func insertGroup(part *indexLine, homes, slot uint64, entries *uint64, n int) (left uint64)
TEXT ·insertGroup(SB), NOSPLIT, $0-48
	MOVQ part+0(FP), SI
	MOVQ homes+8(FP), R10
	MOVQ $64, CX
	SUBQ slot+16(FP), CX
	MOVQ entries+24(FP), DI
	MOVQ n+32(FP), R12
	XORL R11, R11 // left
	XORL BX, BX // the entry
	VPXOR Y4, Y4, Y4

next:
	MOVQ (DI)(BX*8), R15
	VPBROADCASTD 4(DI)(BX*8), Y0
	MOVQ R15, AX
	NOTQ AX
	SHRQ $32, AX
	SHLQ CX, AX
	MULQ R10 // the upper half goes to DX
	SHLQ $6, DX
	LEAQ (SI)(DX*1), AX
	MOVL $4, DX // lines to look at: no more than tailLines

line:
	VMOVDQU (AX), Y1
	VMOVDQU 32(AX), Y2
	VPCMPEQD Y0, Y1, Y5
	VPCMPEQD Y0, Y2, Y6
	VMOVMSKPS Y5, R8
	VMOVMSKPS Y6, R9
	SHLL $8, R9
	ORL R9, R8
	VPCMPEQQ Y4, Y1, Y5
	VPCMPEQQ Y4, Y2, Y6
	VMOVMSKPD Y5, R9
	VMOVMSKPD Y6, R13
	SHLL $4, R13
	ANDL $0xAAAA, R8 // the upper halves of slots
	JNZ leave
	ORL R13, R9
	JZ full
	BSFL R9, R9
	MOVQ R15, (AX)(R9*8)
	INCQ BX
	CMPQ BX, R12
	JB next
	JMP done

full:
	ADDQ $64, AX
	DECL DX
	JNZ line

leave:
	BTSQ BX, R11
	INCQ BX
	CMPQ BX, R12
	JB next

done:
	VZEROUPPER
	MOVQ R11, left+40(FP)
	RET
