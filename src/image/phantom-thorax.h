/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/phantom-canvas.h"

/* The anatomy of one made-up patient, as shapes in mm (the frame of phantom-canvas.h; z is 0 at the
 * lowest slice). Constant once made. */

enum
{
  PL_RIGHT,
  PL_LEFT,
  PL_N_SIDES,
};

typedef enum
{
  PL_LESION_CONSOLIDATION,
  PL_LESION_GROUND_GLASS,
  PL_LESION_BULLA,
  PL_LESION_NODULE,
} PlLesionKind;

typedef struct
{
  PlLesionKind kind;
  PlEllipse shape; /* through its middle */
  double z, c;     /* middle and half height */
} PlLesion;

enum
{
  PL_MOST_LESIONS = 8,
};

typedef struct
{
  guint64 seed;
  guint32 noise_seed;

  /* Scanner */
  double fov_mm;
  double height_mm; /* that the slices cover */
  double cos, sin;  /* by how much the patient is turned */
  double x, y;      /* of the patient, from the centre of the image */
  double noise_hu;
  gboolean has_circle; /* −2000 outside of the field of view */

  /* Body */
  double width, depth; /* factors on an average cage */
  double fat_mm;
  double breast_mm; /* 0: none */
  gboolean has_arms;
  double blood_hu; /* with or without contrast medium */

  /* Chest */
  double midline_mm; /* thickness of what parts the lungs in front of the heart */
  PlEllipse heart;   /* through its middle */
  double heart_z, heart_c;
  double carina_z;
  double dome_z[PL_N_SIDES]; /* top of the diaphragm */
  double dome_drop;          /* how much lower its rim is */
  double apex_z;
  double lung_hu;
  double emphysema; /* 0…1 */
  double fibrosis;  /* 0…1 */
  double effusion_mm[PL_N_SIDES];
  double stomach_gas_mm; /* radius */
  int n_lesions;
  PlLesion lesions[PL_MOST_LESIONS];

  /* Owned; elements are PlTube */
  GArray *vessels;
  GArray *airways;
  GArray *roots; /* main bronchi and hilar vessels, which are no lung */
} PlThorax;

/* The same @seed and @patient give the same thorax. */
PlThorax *pl_thorax_new (guint64 seed, int patient);
void pl_thorax_free (PlThorax *thorax);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlThorax, pl_thorax_free)

enum
{
  PL_MOST_CUTS = 8,
};

/* The plane at one height. */
typedef struct
{
  double z;
  double u;            /* z as a share of the height, 0…1 */
  double y;            /* middle of the cage */
  double width, depth; /* half axes of the cage */
  double spine_y;      /* middle of the vertebra */
  PlEllipse body;      /* skin */
  PlEllipse cage;      /* inner side of the ribs */
  PlEllipse lung[PL_N_SIDES];
  int n_cuts;
  PlEllipse
      cuts[PL_MOST_CUTS];     /* what is no lung: heart, spine and so on; the heart is the first */
  PlEllipse dome[PL_N_SIDES]; /* the diaphragm's rim, a and b where it is dome_drop down */
} PlSection;

PlSection pl_thorax_cut (const PlThorax *thorax, double z);

/* Height of the diaphragm under (x, y). */
double pl_section_diaphragm (const PlThorax *thorax, const PlSection *section, double x, double y);

/* How far inside the chest cavity that holds the lungs (x, y) is, in mm; negative outside. */
double pl_section_cavity (const PlThorax *thorax, const PlSection *section, double x, double y);

/* How far in front of the fluid of an effusion (x, y) is; far where there is none. The lung is the
 * part of the cavity that lies in front. */
double
pl_section_before_fluid (const PlThorax *thorax, const PlSection *section, double x, double y);
