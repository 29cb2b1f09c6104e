#!/bin/sh
# camera-devices.sh FILE: writes what docker compose has to add for this machine: the devices that cameras need and that
# are here, and no others, to be read and written but not to be made.
#   media*, video*, v4l-subdev*  receivers, image processor and sensors, as libcamera opens them
#   dma_heap/*                   memory that pictures are shared in. Which of them: rpicam-apps and libpisp take vidbuf_cached, which
#                                is a link to `system` on a Pi 5 and to `linux,cma` before; libcamera itself takes linux,cma or reserved
#   vcio_gencmd                  vcgencmd tells of throttling. Only kernels from May 2026 on have it; /dev/vcio before is the whole
#                                firmware, which can read all memory, and so is not given
set -eu
file=${1:?which file?}
devices=""
for device in /dev/media* /dev/video* /dev/v4l-subdev* /dev/dma_heap/* /dev/vcio_gencmd; do
  if [ -c "$device" ]; then devices="$devices
      - $device:$device:rw"; fi
done
{
  printf '# Made by camera-devices.sh\nservices:\n  smart-toggle:\n'
  printf '    devices:%s\n' "${devices:- []}"
} >"$file"
