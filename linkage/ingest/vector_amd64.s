#include "textflag.h"

// func maskBlocks(text *byte, blocks int, one, other byte, masks *uint64)
TEXT ·maskBlocks(SB), NOSPLIT, $0-32
	MOVQ text+0(FP), SI
	MOVQ blocks+8(FP), CX
	MOVQ masks+24(FP), DI
	VPBROADCASTB one+16(FP), Y0
	VPBROADCASTB other+17(FP), Y1

next:
	VMOVDQU   (SI), Y2
	VMOVDQU   32(SI), Y3
	VPCMPEQB  Y0, Y2, Y4
	VPCMPEQB  Y1, Y2, Y2
	VPOR      Y4, Y2, Y2
	VPCMPEQB  Y0, Y3, Y4
	VPCMPEQB  Y1, Y3, Y3
	VPOR      Y4, Y3, Y3
	VPMOVMSKB Y2, AX
	VPMOVMSKB Y3, DX
	SHLQ      $32, DX
	ORQ       DX, AX
	MOVQ      AX, (DI)
	ADDQ      $64, SI
	ADDQ      $8, DI
	DECQ      CX
	JNZ       next
	VZEROUPPER
	RET

// func checkBlocks(text *byte, blocks int, tables *[3][16]byte, state *[2][32]byte)
//
// Y8 holds the block before, Y7 all errors so far.
TEXT ·checkBlocks(SB), NOSPLIT, $0-32
	MOVQ text+0(FP), SI
	MOVQ blocks+8(FP), CX
	MOVQ tables+16(FP), DX
	MOVQ state+24(FP), DI
	VMOVDQU (DI), Y8
	VMOVDQU 32(DI), Y7
	VBROADCASTI128 (DX), Y10
	VBROADCASTI128 16(DX), Y11
	VBROADCASTI128 32(DX), Y12
	MOVQ $0x0F0F0F0F0F0F0F0F, AX
	MOVQ AX, X13
	VPBROADCASTQ X13, Y13
	MOVQ $0x6060606060606060, AX // E0 - 80
	MOVQ AX, X14
	VPBROADCASTQ X14, Y14
	MOVQ $0x7070707070707070, AX // F0 - 80
	MOVQ AX, X15
	VPBROADCASTQ X15, Y15
	MOVQ $0x8080808080808080, AX
	MOVQ AX, X9
	VPBROADCASTQ X9, Y9

next:
	VMOVDQU    (SI), Y0
	VPERM2I128 $0x21, Y0, Y8, Y1
	VPALIGNR   $15, Y1, Y0, Y2 // the byte before each
	VPALIGNR   $14, Y1, Y0, Y3 // two before
	VPALIGNR   $13, Y1, Y0, Y4 // three before

	// What two neighbours may not be, from three half bytes.
	VPSRLW  $4, Y2, Y5
	VPAND   Y13, Y5, Y5
	VPSHUFB Y5, Y10, Y5
	VPAND   Y13, Y2, Y6
	VPSHUFB Y6, Y11, Y6
	VPAND   Y6, Y5, Y5
	VPSRLW  $4, Y0, Y6
	VPAND   Y13, Y6, Y6
	VPSHUFB Y6, Y12, Y6
	VPAND   Y6, Y5, Y5

	// Two continuations side by side are right just where a third or fourth
	// byte is due.
	VPSUBUSB Y14, Y3, Y3
	VPSUBUSB Y15, Y4, Y4
	VPOR     Y4, Y3, Y3
	VPAND    Y9, Y3, Y3
	VPXOR    Y5, Y3, Y3
	VPOR     Y3, Y7, Y7

	VMOVDQA Y0, Y8
	ADDQ    $32, SI
	DECQ    CX
	JNZ     next
	VMOVDQU Y8, (DI)
	VMOVDQU Y7, 32(DI)
	VZEROUPPER
	RET
