#!/bin/sh
# camera-devices.sh FILE: writes what docker compose has to add for this machine: the devices that cameras need and that
# are here, and no others. Media controllers, video devices and sensors; the heap that pictures are shared in; the firmware.
set -eu
file=${1:?which file?}
devices=""
for device in /dev/media* /dev/video* /dev/v4l-subdev* /dev/dma_heap/* /dev/udmabuf /dev/vcio; do
  if [ -c "$device" ]; then devices="$devices
      - $device"; fi
done
{
  printf '# Made by camera-devices.sh\nservices:\n  smart-toggle:\n'
  printf '    devices:%s\n' "${devices:- []}"
} >"$file"
